import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./run.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contiguity-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const runs = (list: readonly unknown[], limit = 2 ** 35 - 1, format = "pagemap-runs-v1"): string =>
  JSON.stringify({ format, limit, runs: list });
const present = (frame: number): string => `0x${(2n ** 63n + BigInt(frame)).toString(16)}`;

/** One area of 16 pages from page 4096 on, all of them in consecutive frames. */
function plainSnapshot(): void {
  put("maps.txt", "1000000-1010000 rw-p 00000000 00:00 0 \n");
  put("pagemap.json", runs([[4096, 16, present(8000), 1, 1]]));
  put("kpageflags.json", runs([[8000, 16, "0x5868", 0, 1]], 2 ** 36, "kpageflags-runs-v1"));
}

const line = (text: string, start: string): string => text.split("\n").find((each) => each.startsWith(start))!;

describe("a snapshot folder", () => {
  it("is read without a case.json", async () => {
    plainSnapshot();
    const { code, out } = await run({ snapshot: folder });
    expect(code).toBe(0);
    expect(line(out, "total_Range_TLB_entries")).toBe("total_Range_TLB_entries: 1");
    expect(line(out, "total_present_pages")).toBe("total_present_pages: 16");
  });

  it("becomes a picture: ranges along the address space, and coverage curves", async () => {
    put("maps.txt", "1000000-1010000 rw-p 00000000 00:00 0 \n");
    put(
      "pagemap.json",
      runs([
        [4096, 12, present(8000), 1, 1],
        [4108, 4, present(9000), 2, 1],
      ]),
    );
    put("kpageflags.json", runs([[8000, 16, "0x5868", 0, 1]], 2 ** 36, "kpageflags-runs-v1"));
    const { code } = await run({ snapshot: folder, svg: join(folder, "picture.svg") });
    expect(code).toBe(0);
    const picture = readFileSync(join(folder, "picture.svg"), "utf8");
    expect(picture.match(/<rect [^>]*fill="#fde0c5"/g)).toHaveLength(16 + 1); // a column a page, one in the legend
    expect(picture).toContain(">Range_TLB</text>");
    expect(picture).toContain(">present pages by address, holes left out</text>");
  });

  it("S14: a page that is swapped out is not present", async () => {
    plainSnapshot();
    const swapped = `0x${(2n ** 62n + 5n).toString(16)}`;
    put(
      "pagemap.json",
      runs([
        [4096, 4, present(8000), 1, 1],
        [4100, 4, swapped, 1, 1],
        [4104, 8, present(8008), 1, 1],
      ]),
    );
    expect(line((await run({ snapshot: folder })).out, "total_present_pages")).toBe("total_present_pages: 12");
  });

  it("takes entries with gaps between them, page by page", async () => {
    plainSnapshot();
    put("pagemap.json", runs([[4096, 8, present(8000), 2, 2]]));
    const { out } = await run({ snapshot: folder, json: true });
    const report = JSON.parse(out) as { version: number; sections: { name: string; entries: number }[] };
    expect(report.version).toBe(1);
    expect(report.sections.find(({ name }) => name === "Range_TLB")!.entries).toBe(8);
    expect(report.sections.find(({ name }) => name === "SpOT")!.entries).toBe(1);
  });

  it("C6: shows ranges across areas uncut in a section of their own", async () => {
    plainSnapshot();
    put("maps.txt", "1000000-1008000 rw-p 0 0:0 0\n1008000-1010000 r--p 0 0:0 0\n");
    const { out } = await run({ snapshot: folder });
    expect(line(out, "total_Range_TLB_entries")).toBe("total_Range_TLB_entries: 2");
    expect(line(out, "total_across_VMAs_entries")).toBe("total_across_VMAs_entries: 1");
  });

  it("counts areas of any size, and pages beyond the end of pagemap as not present", async () => {
    plainSnapshot();
    put("maps.txt", "1000000-100000000000 rw-p 0 0:0 0\nffffffffff600000-ffffffffff601000 --xp 0 00:00 0 [vsyscall]\n");
    const { code, out } = await run({ snapshot: folder });
    expect(code).toBe(0);
    expect(line(out, "total_VMA_TLB_coverage")).toBe("total_VMA_TLB_coverage: 16777200 (MB)");
    expect(line(out, "total_present_pages")).toBe("total_present_pages: 16");
  });

  it("sums several processes in the order of the visit", async () => {
    plainSnapshot();
    put("maps.7.txt", "1000000-1010000 rw-p 0 0:0 0\n");
    put("maps.9.txt", "2000000-2004000 rw-p 0 0:0 0\n");
    put("pagemap.7.json", runs([[4096, 16, present(8000), 1, 1]]));
    put("pagemap.9.json", runs([[8192, 4, present(9000), 1, 1]]));
    put("case.json", JSON.stringify({ tool_args: ["-p", "0"], processes_in_visit_order: [9, 7] }));
    expect(line((await run({ snapshot: folder })).out, "total_present_pages")).toBe("total_present_pages: 20");
    expect(line((await run({ snapshot: folder, pid: 9 })).out, "total_present_pages")).toBe("total_present_pages: 4");
    expect(await run({ snapshot: folder, pid: 8 })).toEqual({
      code: 2,
      out: "",
      err: `pagetwin: there is no process 8 in ${folder}\n`,
    });
  });

  it("reads the pid of case.json by its prefix: 010 is 8", async () => {
    plainSnapshot();
    put("case.json", JSON.stringify({ tool_args: ["-p", "010"], processes_in_visit_order: [8] }));
    expect((await run({ snapshot: folder })).code).toBe(0);
  });
});

describe("--compat follows the tool", () => {
  it("prints empty sections for a pid that is not there, exit code 0", async () => {
    plainSnapshot();
    put("case.json", JSON.stringify({ tool_args: ["-p", "99"], processes_in_visit_order: [8] }));
    const { code, out, err } = await run({ snapshot: folder, compat: true });
    expect([code, err]).toEqual([0, ""]);
    expect(out.match(/range_\w+_hist: 1 0 100/g)).toHaveLength(5);
    expect(out.endsWith("total_present_working_set: 0 (MB)\n")).toBe(true);
  });

  it("prints empty sections without kpageflags, and says so", async () => {
    plainSnapshot();
    rmSync(join(folder, "kpageflags.json"));
    const { code, out, err } = await run({ snapshot: folder, compat: true });
    expect([code, err]).toEqual([0, 'Unable to open "/proc/kpageflags" for reading (errno=2). (7)\n']);
    expect(out.match(/range_\w+_hist: 1 0 100/g)).toHaveLength(5);
  });

  it("passes over lines that are no areas", async () => {
    plainSnapshot();
    put("case.json", JSON.stringify({ tool_args: ["-p", "42"], processes_in_visit_order: [42] }));
    put("maps.txt", "garbage\n1000000-1010000 rw-p 0 0:0 0\n");
    const { code, err } = await run({ snapshot: folder, compat: true });
    expect([code, err]).toEqual([0, 'Invalid line read from "/proc/42/maps": garbage\n (6)\n']);
  });

  it("says where the tool does not end, exit code 2", async () => {
    plainSnapshot();
    put("pagemap.json", runs([]));
    const { code, out, err } = await run({ snapshot: folder, compat: true });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("does not end");
  });

  it("Q11: wraps a count of pages at 32 bits, and divides by nothing", async () => {
    plainSnapshot();
    put("maps.txt", "0-80000000000 rw-p 0 0:0 0\n");
    const { code, out } = await run({ snapshot: folder, compat: true });
    expect(code).toBe(0);
    expect(line(out, "32 entries coverage")).toBe("32 entries coverage: -nan% (0 4K pages)");
    expect(line(out, "total_VMA_TLB_coverage")).toBe("total_VMA_TLB_coverage: 17592177655808 (MB)");
  });
});

describe("bad input is one line and exit code 2", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["no JSON", "pagemap.json", "{", "expected JSON: "],
    ["no run list", "pagemap.json", "[]", 'expected an object with a list "runs"'],
    ["another format", "pagemap.json", runs([], 10, "kpageflags-runs-v1"), 'format: expected "pagemap-runs-v1"'],
    ["no limit", "pagemap.json", '{"runs":[]}', "limit: expected the number of entries"],
    [
      "a run out of order",
      "pagemap.json",
      runs([
        [9, 1, "0x0", 0, 1],
        [3, 1, "0x0", 0, 1],
      ]),
      "runs[1]: start: expected at least 10",
    ],
    [
      "runs that overlap",
      "pagemap.json",
      runs([
        [3, 5, "0x0", 0, 2],
        [8, 1, "0x0", 0, 1],
      ]),
      "runs[1]: start: expected at least 12",
    ],
    ["an empty run", "pagemap.json", runs([[3, 0, "0x0", 0, 1]]), "runs[0]: count: expected an integer from 1"],
    ["a short run", "pagemap.json", runs([[3, 1]]), "runs[0]: expected a list of five"],
    ["a number for a word", "pagemap.json", runs([[3, 1, 5, 0, 1]]), "runs[0]: value: expected a string"],
    [
      "indexStep 0",
      "kpageflags.json",
      runs([[3, 1, "0x0", 0, 0]], 9, "kpageflags-runs-v1"),
      "runs[0]: indexStep: expected",
    ],
    [
      "areas that overlap",
      "maps.txt",
      "1000-3000 rw-p\n2000-4000 rw-p\n",
      "line 2: expected an area that does not overlap line 1",
    ],
    ["a line of something else", "maps.txt", "hello\n", "line 1: expected two hexadecimal addresses"],
    [
      "an address within a page",
      "maps.txt",
      "1001-3000 rw-p\n",
      "line 1: expected addresses that are multiples of 4096",
    ],
    ["an empty area", "maps.txt", "3000-3000 rw-p\n", "line 1: expected an end behind the start"],
  ];

  it.each(cases)("%s", async (_, name, text, message) => {
    plainSnapshot();
    put(name, text);
    const { code, out, err } = await run({ snapshot: folder });
    expect([code, out]).toEqual([2, ""]);
    expect(err.startsWith(`pagetwin: ${join(folder, name)}: ${message}`)).toBe(true);
    expect(err.indexOf("\n")).toBe(err.length - 1);
  });

  it("hidden frames", async () => {
    plainSnapshot();
    put("pagemap.json", runs([[4096, 16, present(0), 0, 1]]));
    const { code, out, err } = await run({ snapshot: folder });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("hidden");
    expect((await run({ snapshot: folder, compat: true })).code).toBe(0);
  });

  it("nothing to read", async () => {
    expect((await run({})).err).toBe("pagetwin: expected --pid N, --all, --snapshot DIR or --guest DIR\n");
    expect((await run({ snapshot: join(folder, "nowhere") })).code).toBe(2);
  });
});

describe("--guest", () => {
  it("reads the recorded texts of a guest process", async () => {
    put("maps", "0x1000000-0x1004000\n");
    const page = (guest: number, host: number): string =>
      `GFN:0x${guest.toString(16)}\tGFLAGS:0x67\tGLEVEL:0x1\tPFN:0x${host.toString(16)}\tHFLAGS:0x7\tHLEVEL:0x1\n`;
    const absent = "GFN:0xFFFFFFFF\tGFLAGS:0\tGLEVEL:0\tPFN:0\tHFLAGS:0\tHLEVEL:0\n";
    put("pagemap", page(16, 900) + page(17, 901) + page(18, 950) + absent);
    const { code, out } = await run({ guest: folder });
    expect(code).toBe(0);
    expect(line(out, "total_Guest_Range_TLB_entries")).toBe("total_Guest_Range_TLB_entries: 1");
    expect(line(out, "total_Range_TLB_entries")).toBe("total_Range_TLB_entries: 2");
    expect(line(out, "total_present_pages")).toBe("total_present_pages: 3");
  });
});
