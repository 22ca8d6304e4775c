import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "../../cli/main.js";

let out = "";
let err = "";

beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += stripVTControlCharacters(String(text));
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += stripVTControlCharacters(String(text));
    return true;
  });
  process.exitCode = undefined;
});

afterEach(() => {
  vi.restoreAllMocks();
  process.stdout.removeAllListeners("error");
  process.exitCode = undefined;
});

const pagetwin = async (...words: readonly string[]): Promise<number> => {
  await run(["node", "pagetwin", ...words]);
  return Number(process.exitCode ?? 0);
};

describe("pagetwin", () => {
  it("explains itself, exit code 0", async () => {
    expect(await pagetwin("--help")).toBe(0);
    expect(out).toContain("Exit codes: 0 all held, 1 a property was violated, 2 bad usage or input");
    expect(await pagetwin("check", "--help")).toBe(0);
    expect(await pagetwin("--version")).toBe(0);
  });

  it.each([
    [["chekc"], "pagetwin: unknown command 'chekc' (Did you mean check?)\n"],
    [["check", "--sede", "4"], "pagetwin: unknown option '--sede' (Did you mean --seed?)\n"],
    [["check", "--seed"], "pagetwin: option '--seed <n>' argument missing\n"],
    [["check", "--seed", "x"], 'pagetwin: --seed is "x": expected an integer from 0 to 2147483647\n'],
    [["check", "--runs", "0"], 'pagetwin: --runs is "0": expected an integer from 1 to 10000000\n'],
    [["check", "--states", "-1"], 'pagetwin: --states is "-1": expected an integer from 1 to 1073741824\n'],
    [["check", "--switches", "-1"], 'pagetwin: --switches is "-1": expected an integer from 0 to 2147483647\n'],
    [["check", "--switches", "2.5"], 'pagetwin: --switches is "2.5": expected an integer from 0 to 2147483647\n'],
    [["check", "--executions", "0"], 'pagetwin: --executions is "0": expected an integer from 1 to 2147483647\n'],
    [
      ["check", "--executions", "5", "--switches", "5"],
      "pagetwin: --switches and --executions exclude each other: expected one of them\n",
    ],
    [
      ["check", "page-table", "--switches", "3"],
      "pagetwin: --switches: page-table has no program of threads, expected a system or scope that has\n",
    ],
    [
      ["check", "replication", "--scope", "control", "--executions", "3"],
      "pagetwin: --executions: control has no program of threads, expected a system or scope that has\n",
    ],
    [["check", "--jobs", "0"], 'pagetwin: --jobs is "0": expected an integer from 1 to 64\n'],
    [["check", "repliction"], /^pagetwin: "repliction" is no system: expected page-table, replication, .*\n$/],
    [["check", "page-table", "--scope", "none"], /^pagetwin: --scope none: expected one of one-slot, .*\n$/],
    [
      ["check", "page-table", "--maps", "/proc/self/maps"],
      "pagetwin: --maps: expected the system replication, not page-table\n",
    ],
    [["check", "--pages", "64"], "pagetwin: --pages belongs to a layout: expected --maps as well\n"],
    [
      ["check", "replication", "--maps", "/proc/self/maps", "--pages", "1"],
      'pagetwin: --pages is "1": expected an integer from 2 to 16384\n',
    ],
    [
      ["check", "replication", "--maps", "none"],
      "pagetwin: none: cannot be read (ENOENT), expected a file like /proc/PID/maps\n",
    ],
    [
      ["check", "page-table", "--findings", "/dev/null/x"],
      /^pagetwin: --findings \/dev\/null\/x: .* is not a folder, expected .*\n$/,
    ],
    [["check", "one", "two"], /^pagetwin: too many arguments for 'check'. Expected 1 argument but got 2.*\n$/],
    [["mutants", "page-table", "--only", "M999"], /^pagetwin: --only M999: expected ids out of .*\n$/],
    [["replay"], "pagetwin: missing required argument 'file'\n"],
    [["replay", "none.json"], "pagetwin: none.json: cannot be read (ENOENT), expected a JSON document\n"],
    [["cost", "--trace", "x"], "pagetwin: required option '--latency <file>' not specified\n"],
    [["policy", "--samples", "none"], /^pagetwin: none: cannot be read .*\n$/],
  ])("answers %j with one line and exit code 2", async (words, line) => {
    expect(await pagetwin(...words)).toBe(2);
    expect(out).toBe("");
    if (typeof line === "string") expect(err).toBe(line);
    else expect(err).toMatch(line);
  });

  it("shows its commands when it is given none, exit code 2", async () => {
    expect(await pagetwin()).toBe(2);
    expect(err).toContain("check [options] [system]");
  });

  it("passes flags on to the calculators", async () => {
    expect(await pagetwin("policy", "--samples", "examples/samples-gups.txt", "--json")).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 1 });
    out = "";
    const files = ["--trace", "examples/trace-small.txt", "--latency", "examples/latency-4-socket.txt"];
    expect(await pagetwin("cost", ...files, "--json", "--no-pcid", "--fork-enables", "2")).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 1 });
  });

  it("walks a dumped page table", async () => {
    const tables = "test/page-table/fixtures/qemu-x86/level4/pagetables.bin.gz";
    expect(await pagetwin("walk", "--tables", tables, "--cr3", "47e6000")).toBe(0);
    expect(out).toMatch(/^0000000000400000: 0000000003811000 X---A--U-\n/);
    expect(await pagetwin("walk", "--tables", tables, "--cr3", "zz")).toBe(2);
    expect(err).toBe('pagetwin: --cr3 is "zz": expected 1 to 16 hexadecimal digits\n');
  });

  it("checks a scope from the command line", async () => {
    expect(await pagetwin("check", "page-table", "--scope", "two-cpus", "--quiet", "--json")).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      verdict: "held",
      results: [{ system: "page-table", scope: "two-cpus", exhausted: true }],
    });
  });
});
