/** The files in /proc/mitosis, read and written, on both twins (section 3, section 5, W43). */
import { describe, expect, it } from "vitest";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { ProcFile } from "../../vocabulary/replication/proc.js";
import { errno, ok, Twins } from "./both-twins.js";

const read = (file: ProcFile): Operation => ({ kind: "readProc", file });
const write = (file: ProcFile, text: string): Operation => ({ kind: "writeProc", cpu: 0, file, text });
const spawn = (pid: number, comm: string, cmdline: string): Operation => ({
  kind: "spawn",
  cpu: 0,
  pid,
  comm,
  cmdline,
});
const go = (cpu: number, pid: number): Operation => ({ kind: "switch", cpu, pid });
const replicate = (mask: number): Operation => ({ kind: "setReplication", cpu: 0, mask, pid: 0 });

/** Both twins after these, and what a file of theirs says, line by line. */
function machineAfter(...operations: Operation[]): { readonly twins: Twins; lines(file: ProcFile): string[] } {
  const twins = new Twins({});
  for (const operation of operations) twins.ask(operation);
  const lines = (file: ProcFile) => {
    const answer = twins.ask(read(file));
    if (typeof answer === "string" || answer.kind !== "text") throw new Error(`${file} is no text`);
    expect(answer.text.endsWith("\n")).toBe(true);
    return answer.text.slice(0, -1).split("\n");
  };
  return { twins, lines };
}

describe("what is written to a file", () => {
  const EINVAL = errno("EINVAL");
  it.each([
    ["mode", "0", ok(), "0"],
    ["mode", " \t-7\n", ok(), "-1"],
    ["mode", "+7", ok(), "1"],
    ["mode", "00000000000001\n", ok(), "1"],
    ["mode", "000000000000001\n", EINVAL, "-1"],
    ["mode", "0x1", EINVAL, "-1"],
    ["mode", "+", EINVAL, "-1"],
    ["mode", "1 1", EINVAL, "-1"],
    ["mode", "1\0", EINVAL, "-1"],
    ["mode", "\u00a01", EINVAL, "-1"],
    ["mode", "\u0661", EINVAL, "-1"],
    ["mode", "", EINVAL, "-1"],
    ["inherit", "0", ok(), "-1"],
    ["inherit", "-0", ok(), "-1"],
    ["inherit", "2", ok(), "1"],
    ["inherit", "-5", ok(), "-1"],
    ["inherit", "one", EINVAL, "1"],
  ] as const)("%s takes or refuses %j", (file, text, answer, value) => {
    const { twins, lines } = machineAfter();
    expect(twins.ask(write(file, text))).toEqual(answer);
    expect(lines(file)).toEqual([value]);
  });

  it.each([
    ["cache", "0", EINVAL],
    ["cache", "-3", EINVAL],
    ["cache", "-1", ok()],
    ["cache", "-2", ok()],
    ["cache", "99999999999999", ok()],
    ["history", "-1", ok()],
    ["history", "-01", ok()],
    ["history", "1", EINVAL],
    ["history", "0", EINVAL],
    ["history", "-2", EINVAL],
    ["status", "1", EINVAL],
    ["active", "-1", EINVAL],
  ] as const)("%s: %j", (file, text, answer) => {
    expect(machineAfter().twins.ask(write(file, text))).toEqual(answer);
  });

  it("fills a cache to a level, node by node, as far as there are frames", () => {
    const { twins, lines } = machineAfter(
      spawn(2, "p", "p"),
      write("cache", "5"),
      write("cache", "3"),
      write("cache", "999"),
    );
    const row = (...cells: number[]) =>
      `${String(cells[0]).padEnd(8)} ${[8, 12, 12, 12].map((width, i) => String(cells[i + 1]).padStart(width)).join(" ")}`;
    // 24 table frames a node, one of node 0's is the process's root.
    expect(lines("cache").slice(5)).toEqual([row(0, 23, 0, 0, 23), row(1, 24, 0, 0, 24)]);
    twins.ask(write("cache", "-2"));
    expect(lines("cache").slice(5)).toEqual([row(0, 23, 0, 0, 0), row(1, 24, 0, 0, 0)]);
    twins.ask(write("cache", "-1"));
    expect(lines("cache").slice(5)).toEqual([row(0, 0, 0, 0, 0), row(1, 0, 0, 0, 0)]);
  });
});

describe("names of processes", () => {
  it.each([
    ["", ""],
    ["x", ""],
    ["blank at the", "end "],
    ["tabs\tand", "line\nends\r"],
    ["up to\0zero", "as\0the kernel's"],
    ["fifteen letters", "x".repeat(255)],
    ["sixteen letters.", "x".repeat(256)],
    ["\u0085\u007f", "\u00a0"],
  ])("%j, %j are cut, and never break a line", (comm, cmdline) => {
    const { lines } = machineAfter(spawn(2, comm, cmdline), go(0, 2), replicate(1), replicate(0), replicate(1));
    const shown = (text: string, units: number) => {
      const [first = ""] = text.split("\0");
      return [...first.slice(0, units)]
        .map((each) => (each < " " || (each >= "\x7f" && each < "\xa0") ? "?" : each))
        .join("");
    };
    const history = lines("history");
    expect(history[6]).toBe(`Process: ${shown(comm, 15)} (PID: 2, TGID: 2) [HISTORICAL]`);
    expect(history[7]).toBe(`Cmdline: ${shown(cmdline, 255)}`.replace(/ +$/, ""));
    expect(history).toHaveLength(24);
    expect(lines("active").slice(5)).toEqual([
      `2        2        ${shown(comm, 15).padEnd(16)} ${"0".padStart(12)} ${"2".padStart(8)}`,
      "",
      "Total: 1 active process(es)",
    ]);
  });
});

describe("processes and their threads", () => {
  it("counts a group once, and pids that share an address space each", () => {
    const { lines } = machineAfter(
      spawn(2, "p", "p"),
      go(0, 2),
      replicate(1),
      { kind: "clone", cpu: 0, pid: 3, group: "callers" },
      { kind: "clone", cpu: 0, pid: 4, group: "own" },
    );
    expect(lines("status")).toEqual(expect.arrayContaining(["  Total processes: 2", "  With replication: 2"]));
    expect(lines("active").at(-1)).toBe("Total: 2 active process(es)");
  });

  it("says in the last section whether any is replicated", () => {
    const { twins, lines } = machineAfter(spawn(2, "p", "p"), go(0, 2));
    expect(lines("status").slice(-4)).toEqual([
      "  Total processes: 1",
      "  With replication: 0",
      "  Status: INACTIVE",
      "  See also: /proc/mitosis/active, /proc/mitosis/history",
    ]);
    twins.ask(replicate(1));
    expect(lines("status").slice(-3, -1)).toEqual(["  With replication: 1", "  Status: ACTIVE"]);
  });
});
