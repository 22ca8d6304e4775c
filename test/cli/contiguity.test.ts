import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const REPORTS = "test/contiguity/fixtures/reports";
const SCRIPTS = "test/contiguity/fixtures/alloc";
const ONE_RANGE = join(REPORTS, "s02-one-range");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "contiguity-command-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The command as it is installed, in a process of its own. */
function pagetwin(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bin/pagetwin.js", ...words], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

describe("pagetwin contiguity", () => {
  it("reports a snapshot", () => {
    const { code, out, err } = pagetwin("contiguity", "--snapshot", ONE_RANGE);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("\ntotal_Range_TLB_entries: 1\n");
  });

  it("prints the same report as one JSON document", () => {
    const { code, out, err } = pagetwin("contiguity", "--snapshot", ONE_RANGE, "--json");
    expect([code, err]).toEqual([0, ""]);
    const { version, sections } = JSON.parse(out) as { version: number; sections: { name: string; entries: number }[] };
    expect(version).toBe(1);
    expect(sections.find(({ name }) => name === "Range_TLB")!.entries).toBe(1);
  });

  it("prints what its schema says, of a process and of a guest", () => {
    const schema = JSON.parse(readFileSync("docs/schemas/contiguity-1.schema.json", "utf8"));
    const isValid = new Ajv2020({ allErrors: true }).compile(schema);
    for (const name of ["s04-scattered-300", "v02-host-fragmented"]) {
      const document = JSON.parse(pagetwin("contiguity", "--snapshot", join(REPORTS, name), "--json").out);
      expect([isValid(document), isValid.errors]).toEqual([true, null]);
      const { workingSet: _, ...rest } = document;
      expect(isValid(rest)).toBe(false);
    }
  });

  it("draws a picture", () => {
    const file = join(folder, "picture.svg");
    expect(pagetwin("contiguity", "--snapshot", ONE_RANGE, "--svg", file).code).toBe(0);
    const picture = readFileSync(file, "utf8");
    expect(picture).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each(readdirSync(REPORTS))("--compat prints the authors' file, byte for byte: %s", (name) => {
    const { code, out } = pagetwin("contiguity", "--snapshot", join(REPORTS, name), "--compat");
    expect(out).toBe(readFileSync(join(REPORTS, name, "expected.txt"), "utf8"));
    expect(code).toBe(0);
  });

  it.each(readdirSync(SCRIPTS))("replays a script in the authors' profile: %s", (name) => {
    const script = join(SCRIPTS, name);
    const { code, out, err } = pagetwin("contiguity", "replay", join(script, "ops.txt"), "--profile", "authors");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(gunzipSync(readFileSync(join(script, "expected.jsonl.gz"))).toString());
  });

  it.each([
    [[], "pagetwin: expected --pid N, --all, --snapshot DIR or --guest DIR\n"],
    [["--pid", "1x"], 'pagetwin: --pid is "1x": expected an integer from 0 to 2147483647\n'],
    [["--pid", "-1"], 'pagetwin: --pid is "-1": expected an integer from 0 to 2147483647\n'],
    [["--pid", "0x10"], 'pagetwin: --pid is "0x10": expected an integer from 0 to 2147483647\n'],
    [["--pid", "3", "--all"], "pagetwin: --pid with --all: expected one of them\n"],
    [["--pid", "3", "--guest", "x"], "pagetwin: --pid with --guest: a guest folder is one process\n"],
    [
      ["--snapshot", "none"],
      "pagetwin: none: cannot be read (ENOENT), expected a folder with maps.txt or maps.<pid>.txt\n",
    ],
    [["--snapshot", "a", "--guest", "b"], "pagetwin: --snapshot with --guest: expected one of them\n"],
    [["--all", "--compat", "--json"], /^pagetwin: --compat prints what the authors' tool prints: .*\n$/],
    [["--snapshot", ONE_RANGE, "--svg", "/dev/null/x"], /^pagetwin: \/dev\/null\/x: cannot be written .*\n$/],
    [["--snapshto", "x"], "pagetwin: unknown option '--snapshto' (Did you mean --snapshot?)\n"],
    [["recrod"], /^pagetwin: too many arguments for 'contiguity'\. .*\n$/],
    [["record", "--pid", "7"], "pagetwin: required option '--out <folder>' not specified\n"],
    [
      ["record", "--pid", "0", "--out", "/dev/null/x"],
      'pagetwin: --pid is "0": expected an integer from 1 to 2147483647\n',
    ],
    [["effect", "--seeds", "0"], 'pagetwin: --seeds is "0": expected an integer from 1 to 1000\n'],
    [["replay"], "pagetwin: missing required argument 'ops'\n"],
    [["replay", "none"], "pagetwin: none: cannot be read (ENOENT), expected a text file\n"],
    [["replay", "none", "--profile", "x"], 'pagetwin: --profile is "x": expected default or authors\n'],
  ])("answers %j with one line and exit code 2", (words, line) => {
    const { code, out, err } = pagetwin("contiguity", ...words);
    expect([code, out]).toEqual([2, ""]);
    if (typeof line === "string") expect(err).toBe(line);
    else expect(err).toMatch(line);
  });

  it.runIf(existsSync("/proc/self/pagemap"))("looks at a live process, or says why it cannot", () => {
    const { code, out, err } = pagetwin("contiguity", "--pid", String(process.pid), "--json");
    if (code === 0) expect(JSON.parse(out)).toMatchObject({ version: 1 });
    else expect([code, out, err.split("\n").length]).toEqual([2, "", 2]);
  });

  it("explains itself and its subcommands", () => {
    expect(pagetwin("contiguity", "--help").out).toMatch(/--compat.*record.*replay/s);
  });
});
