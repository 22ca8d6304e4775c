import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contiguity } from "../../cli/contiguity.js";
import type { ProcFolder } from "../../cli/contiguity-proc.js";
import { contiguityRecord } from "../../cli/contiguity-record.js";

const PRESENT = 2n ** 63n;
const SOFT_DIRTY = 2n ** 55n;
const HUGE_HEAD = 0x409020n;
const HUGE_TAIL = 0x411020n;

let proc: ProcFolder = { root: "" };
beforeEach(() => {
  proc = { root: mkdtempSync(join(tmpdir(), "proc-")) };
});
afterEach(() => rmSync(proc.root, { recursive: true }));

function writeWords(path: string, words: ReadonlyMap<number, bigint>): void {
  const last = Math.max(...words.keys());
  const array = new BigUint64Array(last + 1);
  for (const [place, word] of words) array[place] = word;
  writeFileSync(path, array);
}

/** A process with 6 pages in a row, one on its own, and a 2 MiB page; frames from 100 and from 1024 on. */
function process7(): void {
  const pages = new Map<number, bigint>();
  const flags = new Map<number, bigint>();
  for (let at = 0; at < 6; at++) pages.set(16 + at, PRESENT + SOFT_DIRTY + BigInt(100 + at));
  pages.set(24, PRESENT + 300n);
  for (let at = 0; at < 512; at++) {
    pages.set(512 + at, PRESENT + BigInt(1024 + at));
    flags.set(1024 + at, at === 0 ? HUGE_HEAD : HUGE_TAIL);
  }
  for (const frame of [100, 101, 102, 103, 104, 105, 300]) flags.set(frame, 0x5868n);
  mkdirSync(join(proc.root, "7"));
  writeFileSync(
    join(proc.root, "7/maps"),
    [
      "00010000-00020000 r-xp 00000000 fe:00 1      /usr/bin/secret name",
      "00200000-00400000 rw-p 00000000 00:00 0 ",
      "7ffd0000000-7ffd0001000 rw-p 00000000 00:00 0      [stack]",
      "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0      [vsyscall]",
      "",
    ].join("\n"),
  );
  writeWords(join(proc.root, "7/pagemap"), pages);
  writeWords(join(proc.root, "kpageflags"), flags);
}

async function report(options: Parameters<typeof contiguity>[0], folder = proc) {
  let out = "";
  let err = "";
  const code = await contiguity(
    options,
    (text) => (out += text),
    (text) => (err += text),
    folder,
  );
  return { code, out, err };
}

describe("a live process", () => {
  it("is read page by page", async () => {
    process7();
    const { code, out } = await report({ pid: 7 });
    expect(code).toBe(0);
    expect(out).toContain("total_present_pages: 519\n4K pages: 7\n2M pages: 1\n");
    expect(out).toContain("total_Range_TLB_entries: 3\n");
  });

  it("recorded and reported is the same report, right and as the tool's", async () => {
    process7();
    const folder = join(proc.root, "snapshot");
    let said = "";
    const code = await contiguityRecord(
      { pid: 7, out: folder },
      (text) => (said += text),
      (text) => (said += text),
      proc,
    );
    expect([code, said]).toEqual([0, `${folder}: 4 areas, 519 present pages\n`]);
    for (const compat of [false, true]) {
      const live = await report({ pid: 7, compat });
      expect(await report({ snapshot: folder, compat })).toEqual(live);
    }
  });

  it("is recorded without names of files and without flags of foreign frames", async () => {
    process7();
    const folder = join(proc.root, "snapshot");
    await contiguityRecord(
      { pid: 7, out: folder },
      () => {},
      () => {},
      proc,
    );
    const maps = readFileSync(join(folder, "maps.txt"), "utf8");
    expect(maps).not.toContain("secret");
    expect(maps).toContain("file:1\n");
    expect(maps).toContain("[stack]");
    const flags = JSON.parse(readFileSync(join(folder, "kpageflags.json"), "utf8")) as { runs: [number, number][] };
    expect(flags.runs.map(([start, count]) => [start, count])).toEqual([
      [100, 6],
      [300, 1],
      [1024, 1],
      [1025, 511],
    ]);
  });

  it("that is not there is said, exit code 2", async () => {
    process7();
    expect(await report({ pid: 8 })).toEqual({ code: 2, out: "", err: "pagetwin: there is no process 8\n" });
  });

  it("that is one of all is summed; one that vanishes is passed over", async () => {
    process7();
    mkdirSync(join(proc.root, "9"));
    const { code, out, err } = await report({ all: true });
    expect(code).toBe(0);
    expect(out).toContain("total_present_pages: 519\n");
    expect(err).toBe("process 9 is not counted: there is no process 9\n");
  });

  it("that exits while it is read is said, and nothing is written", async () => {
    process7();
    const gone = atLook(4, () => writeFileSync(join(proc.root, "7/maps"), ""));
    const folder = join(proc.root, "snapshot");
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    expect(await contiguityRecord({ pid: 7, out: folder }, say, say, gone)).toBe(2);
    expect(said).toEqual(["pagetwin: process 7 exited while it was read\n"]);
    expect(existsSync(folder)).toBe(false);
    rmSync(join(proc.root, "7"), { recursive: true });
    process7();
    const look = atLook(4, () => rmSync(join(proc.root, "7"), { recursive: true }));
    expect(await report({ pid: 7 }, look)).toEqual({ code: 2, out: "", err: "pagetwin: there is no process 7\n" });
  });

  it("that changes between two readings is said, and the second one kept", async () => {
    process7();
    const changing = atLook(3, () => {
      const words = new BigUint64Array(Uint8Array.from(readFileSync(join(proc.root, "7/pagemap"))).buffer);
      words[16] = PRESENT + 105n;
      words[24] = 0n;
      writeFileSync(join(proc.root, "7/pagemap"), words);
    });
    const folder = join(proc.root, "snapshot");
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    expect(await contiguityRecord({ pid: 7, out: folder }, say, say, changing)).toBe(0);
    expect(said).toEqual([
      "process 7: 2 pages changed between two readings; the second one is kept\n",
      `${folder}: 4 areas, 518 present pages\n`,
    ]);
    expect(JSON.parse(readFileSync(join(folder, "case.json"), "utf8"))).toMatchObject({
      pages_changed_between_readings: 2,
    });
  });

  it("that changes its areas while it is read is said", async () => {
    process7();
    const grows = atLook(4, () => appendFileSync(join(proc.root, "7/maps"), "ffffffffff700000-ffffffffff701000 r\n"));
    const { code, err } = await report({ pid: 7 }, grows);
    expect([code, err]).toEqual([
      0,
      "process 7 changed its areas while it was read: the report mixes before and after\n",
    ]);
  });
});

/** The folder with something that happens when a file of it is about to be opened for the n-th time. */
function atLook(number: number, happens: () => void): ProcFolder {
  let looks = 0;
  return {
    get root() {
      looks++;
      if (looks === number) happens();
      return proc.root;
    },
  };
}
