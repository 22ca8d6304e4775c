import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./run.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bad-input-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const present = (frame: number): string => `0x${(2n ** 63n + BigInt(frame)).toString(16)}`;
const document = (list: unknown, limit: unknown = 2 ** 35 - 1, format = "pagemap-runs-v1"): string =>
  JSON.stringify({ format, limit, runs: list });
const put = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text);
const drop = (name: string): void => rmSync(join(folder, name));

/** An area of 16 pages from page 4096 on, all of them present. */
function plain(): void {
  put("maps.txt", "1000000-1010000 rw-p 00000000 00:00 0 \n");
  put("pagemap.json", document([[4096, 16, present(8000), 1, 1]]));
  put("kpageflags.json", document([[8000, 16, "0x5868", 0, 1]], 2 ** 36, "kpageflags-runs-v1"));
}

const NO_END = "the authors' tool does not end on this input: it would read the same place for ever\n";
const pages = (text: string): number => Number(/^total_present_pages: (\d+)$/m.exec(text)?.[1]);

/** What is wrong; how it is made; what is said behind the folder's name, or how many pages; the same with --compat. */
type Case = readonly [string, () => void, string | number, string | number];

const CASES: readonly Case[] = [
  [
    "maps lines that overlap",
    () => put("maps.txt", "1000000-1008000 rw-p\n1004000-1010000 r--p\n"),
    "/maps.txt: line 2: expected an area that does not overlap line 1",
    20,
  ],
  [
    "a maps line that does not parse",
    () => put("maps.txt", "1000000-1010000 rw-p\nzz-yy\n"),
    "/maps.txt: line 2: expected two hexadecimal addresses, start-end",
    16,
  ],
  ["a reversed area", () => put("maps.txt", "1010000-1000000 rw-p\n"), "/maps.txt: line 1: expected an end behind", 0],
  ["no kpageflags", () => drop("kpageflags.json"), ": expected kpageflags.json beside its pagemap", 0],
  ["no pagemap", () => drop("pagemap.json"), "/pagemap.json: cannot be read (ENOENT)", 0],
  ["no maps", () => drop("maps.txt"), ": expected maps.txt or maps.<pid>.txt", ": expected maps.txt or maps.<pid>.txt"],
  ["no area: no bad input", () => put("maps.txt", ""), 0, 0],
  ["no page: no bad input", () => put("pagemap.json", document([])), 0, NO_END],
  ["a limit before the first page: no bad input", () => put("pagemap.json", document([], 9)), 0, NO_END],
  [
    "a run of more pages than the area: no bad input",
    () => put("pagemap.json", document([[4096, 2 ** 34, present(1), 1, 1]])),
    16,
    16,
  ],
  [
    "a run beyond 2^53",
    () => put("pagemap.json", document([[4096, 2 ** 53, present(1), 1, 1]])),
    "/pagemap.json: runs[0]: count: expected an integer from 1 to 9007199254740991",
    "/pagemap.json: runs[0]: count: expected an integer from 1 to 9007199254740991",
  ],
  [
    "a negative start",
    () => put("pagemap.json", document([[-1, 1, present(1), 0, 1]])),
    "/pagemap.json: runs[0]: start: expected an integer from 0",
    "/pagemap.json: runs[0]: start: expected an integer from 0",
  ],
  [
    "frames that a double cannot hold",
    () => put("pagemap.json", document([[4096, 2, `0x${(2n ** 63n + 2n ** 54n).toString(16)}`, 1, 1]])),
    "/pagemap.json: runs[0]: expected frames from 0 to 2^53 − 1",
    "/pagemap.json: runs[0]: expected frames from 0 to 2^53 − 1",
  ],
  [
    "a value of 65 bits",
    () => put("pagemap.json", document([[4096, 1, "0x1ffffffffffffffff", 0, 1]])),
    "/pagemap.json: runs[0]: value: expected a string of 0x and 1 to 16 hexadecimal digits",
    "/pagemap.json: runs[0]: value: expected a string of 0x and 1 to 16 hexadecimal digits",
  ],
  [
    "runs that interleave",
    () =>
      put(
        "pagemap.json",
        document([
          [4096, 4, present(1), 1, 2],
          [4097, 2, present(9), 1, 2],
        ]),
      ),
    "/pagemap.json: runs[1]: start: expected at least 4103, where the run before ends",
    "/pagemap.json: runs[1]: start: expected at least 4103, where the run before ends",
  ],
  [
    "runs that are no list",
    () => put("pagemap.json", document({})),
    '/pagemap.json: expected an object with a list "runs"',
    '/pagemap.json: expected an object with a list "runs"',
  ],
  [
    "a file that is no text",
    () => put("pagemap.json", Uint8Array.of(0xff, 0xfe, 0, 1)),
    "/pagemap.json: expected JSON: ",
    "/pagemap.json: expected JSON: ",
  ],
  [
    "a folder for a file",
    () => {
      drop("pagemap.json");
      mkdirSync(join(folder, "pagemap.json"));
    },
    "/pagemap.json: cannot be read (EISDIR)",
    "/pagemap.json: cannot be read (EISDIR)",
  ],
  [
    "a visit order of words",
    () => put("case.json", '{"tool_args":["-p","1"],"processes_in_visit_order":["a"]}'),
    "/case.json: processes_in_visit_order: expected a list of process ids",
    "/case.json: processes_in_visit_order: expected a list of process ids",
  ],
  [
    "hidden frames",
    () => put("pagemap.json", document([[4096, 16, present(0), 0, 1]])),
    "/pagemap.json: all frames are 0, hidden from a reader without the right of root",
    16,
  ],
];

describe("bad input, and what is none: one line and exit code 2, or a report; --compat follows the tool", () => {
  it.each(CASES)("%s", async (_, spoil, right, theirs) => {
    plain();
    spoil();
    for (const [compat, expected] of [
      [false, right],
      [true, theirs],
    ] as const) {
      const { code, out, err } = await run({ snapshot: folder, compat });
      if (typeof expected === "number") expect([code, pages(out)]).toEqual([0, expected]);
      else {
        expect([code, out]).toEqual([2, ""]);
        expect(err).toMatch(/^\P{Cc}+\n$/u);
        const place = err.split(folder)[1] ?? err;
        expect(place.startsWith(expected)).toBe(true);
      }
    }
  });

  it.each([
    ["a line that is none", "GFN:0x1\n", "line 1: expected GFN, GFLAGS, GLEVEL, PFN, HFLAGS and HLEVEL of a page"],
    [
      "a line too few",
      "GFN:0x10\tGFLAGS:0x67\tGLEVEL:0x1\tPFN:0x99\tHFLAGS:0x7\tHLEVEL:0x1\n",
      "line 2: expected GFN, GFLAGS, GLEVEL, PFN, HFLAGS and HLEVEL of a page",
    ],
  ])("texts of a guest: %s", async (_, text, message) => {
    put("maps", "0x1000-0x3000\n");
    put("pagemap", text);
    const { code, out, err } = await run({ guest: folder });
    expect([code, out, err]).toEqual([2, "", `pagetwin: ${join(folder, "pagemap")}: ${message}\n`]);
  });
});
