import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contiguityReplay } from "../../cli/contiguity-replay.js";
import { replayScript } from "../../impl/contiguity/allocator-replay.js";
import { parseScript } from "../../impl/contiguity/allocator-script.js";
import { QUIRKS, type Quirk } from "../../vocabulary/contiguity/allocator.js";
import { run } from "./run.js";

const FOLDER = "docs/findings/contiguity";

/** Lines of a report by "SECTION name"; the section that the tool does not have is left out. */
function linesOf(report: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  let section = "";
  for (const line of report.split("\n")) {
    if (/^\w+$/.test(line)) section = line;
    else if (line !== "" && !line.startsWith("-") && section !== "across_VMAs") {
      const [name, value] = line.split(/: (.*)/);
      lines.set(`${section} ${name}`, value!);
    }
  }
  return lines;
}

const isKLine = (name: string): boolean => / \d+ entries coverage$/.test(name);
const sectionsOf = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => name.split(" ")[0]!)),
];

interface Shown {
  /** Sections of which a line differs, K-lines left out: their zeros are Q3, which is in every report. */
  readonly sections: readonly string[];
  /** The figure that the quirk is about: its line, the right value and the tool's. */
  readonly figure: readonly [string, string, string];
}

const ALL = ["Virtual_TLB", "Anchor_TLB", "Range_TLB", "SpOT", "working_set"];
const AT_LEAST_99 = "Number of entries for at least 99% coverage";

const QUIRKS_OF_THE_TOOL: Readonly<Record<string, Shown>> = {
  "q01-q02-start-and-end": {
    sections: ["Virtual_TLB", "Anchor_TLB", "Range_TLB"],
    figure: [`Range_TLB ${AT_LEAST_99}`, "1 (exact coverage 100.00%)", "0 (exact coverage 0.00%)"],
  },
  "q03-few-entries": {
    sections: [],
    figure: ["Range_TLB 32 entries coverage", "100.00% (4 4K pages)", "0.00% (0 4K pages)"],
  },
  "q04-next-areas-start": { sections: ["Anchor_TLB"], figure: ["Anchor_TLB total_Anchor_TLB_entries", "11", "18"] },
  "q05-aligned-start": { sections: ["Anchor_TLB"], figure: ["Anchor_TLB total_Anchor_TLB_entries", "3", "18"] },
  "q06-hole-after-huge-page": {
    sections: ["VMA_TLB", ...ALL],
    figure: ["working_set total_present_pages", "514", "513"],
  },
  "q07-hole-at-the-start": {
    sections: ["VMA_TLB", ...ALL],
    figure: ["working_set total_present_pages", "4", "5"],
  },
  "q08-beyond-the-end": { sections: ["VMA_TLB", ...ALL], figure: ["working_set total_present_pages", "2", "3"] },
  "q09-misaligned-huge-flag": { sections: ["working_set"], figure: ["working_set 4K pages", "3", "2"] },
  "q10-huge-page-in-a-short-area": {
    sections: ["VMA_TLB", ...ALL],
    figure: ["working_set total_present_pages", "9", "513"],
  },
  "q11-area-of-8-tib": {
    sections: ["VMA_TLB", ...ALL],
    figure: ["VMA_TLB total_VMA_TLB_coverage", "8388608 (MB)", "17592177655808 (MB)"],
  },
  "q12-page-1-frame-1": {
    sections: ["Virtual_TLB", "Range_TLB"],
    figure: ["Range_TLB total_Range_TLB_entries", "3", "2"],
  },
};

describe("a quirk of the authors' tool changes the figures that it is about, and no others", () => {
  it.each(Object.entries(QUIRKS_OF_THE_TOOL))("%s", async (name, { sections, figure: [line, right, theirs] }) => {
    const snapshot = join(FOLDER, name);
    const [ours, tool] = [await run({ snapshot }), await run({ snapshot, compat: true })];
    expect([ours.code, ours.err, tool.code]).toEqual([0, "", 0]);
    const [found, printed] = [linesOf(ours.out), linesOf(tool.out)];
    expect([...printed.keys()]).toEqual([...found.keys()]);
    const differing = [...found.keys()].filter((key) => found.get(key) !== printed.get(key));
    expect(sectionsOf(differing.filter((key) => !isKLine(key)))).toEqual(sections);
    expect([found.get(line), printed.get(line)]).toEqual([right, theirs]);
  });

  it("q13-adjacent-areas: a range ends with its area in both; only across_VMAs shows it whole", async () => {
    const snapshot = join(FOLDER, "q13-adjacent-areas");
    const { out } = await run({ snapshot });
    expect(out).toContain("\ntotal_Range_TLB_entries: 3\n");
    expect(out).toContain("\ntotal_across_VMAs_entries: 2\n");
    const printed = await run({ snapshot, compat: true });
    expect(printed.out).toContain("\ntotal_Range_TLB_entries: 3\n");
    expect(printed.out).not.toContain("across_VMAs");
  });

  it("q14-hidden-frames: refused with one line; to the tool each page is a range and an offset of its own", async () => {
    const snapshot = join(FOLDER, "q14-hidden-frames");
    const { code, out, err } = await run({ snapshot });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(
      /^pagetwin: .*pagemap\.json: all frames are 0, hidden from a reader without the right of root.*\n$/,
    );
    const printed = linesOf((await run({ snapshot, compat: true })).out);
    expect(printed.get("Range_TLB total_Range_TLB_entries")).toBe("5");
    expect(printed.get("SpOT total_SpOT_entries")).toBe("5");
  });
});

type Json = { readonly [field: string]: unknown };

/** The value at a path such as "zones.0.rover". */
const at = (object: Json, path: string): unknown =>
  path.split(".").reduce<unknown>((value, field) => (value as Json | null)?.[field], object);

/** The rule, where the last line of the replay shows it, the right value and the authors'. */
const DEFECTS: Readonly<Record<string, readonly [Quirk, string, unknown, unknown]>> = {
  "a09-counter-drift": ["counter-drift", "zones.0.free_counter", 14_848, 15_360],
  "a10-stale-rover": ["stale-rover", "zones.0.rover", null, 4096],
  "a11-skipped-range": ["skipped-range", "result", 4096, 16_384],
  "a14-endless-retry": ["endless-retry", "livelock", undefined, true],
  "a15-shadowed-offset": ["shadowed-offset", "sub_vma_next", 1, 2],
  "a23-leaked-reserve": ["leaked-reserve", "zones.0.reserved_frames", 0, 511],
  "phantom-range": ["phantom-range", "zones.0.map", [], [[0, 1024]]],
  "frame-zero": ["frame-zero", "zones.0.map", [[0, 2048]], [[1024, 1024]]],
  "offset-zero": ["offset-zero", "result", 4608, 8704],
  "recycled-inode": ["recycled-inode", "via", "fallback", "target"],
  "split-limit": ["split-limit", "result", 4099, 4096],
  "buddy-walk": ["buddy-walk", "result", 4609, null],
  "zone-test-off": ["zone-test-off", "result", null, 2048],
  "silent-exits": ["silent-exits", "total_alloc", 2, 1],
};

function lastLine(script: string, quirks: readonly Quirk[]): Json {
  return JSON.parse([...replayScript(parseScript(script, quirks))].at(-1)!) as Json;
}

describe("a defect of the authors' allocator changes the figure that it is about", () => {
  it.each(Object.entries(DEFECTS))("%s", async (name, [quirk, path, right, theirs]) => {
    const file = join(FOLDER, `${name}.txt`);
    const script = readFileSync(file, "utf8");
    expect(at(lastLine(script, []), path)).toEqual(right);
    expect(at(lastLine(script, [quirk]), path)).toEqual(theirs);
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);
    expect(await contiguityReplay({ file, profile: "authors" }, print, print)).toBe(0);
    const authors = at(JSON.parse(printed.at(-1)!) as Json, path);
    // The first probe for a new file goes to frame 0, which is none to the authors: nothing is counted at all.
    expect(authors).toEqual(quirk === "silent-exits" ? 0 : theirs);
  });

  it("each switch has a script, but for the one that takes two threads", () => {
    expect(
      Object.values(DEFECTS)
        .map(([quirk]) => quirk)
        .sort(),
    ).toEqual(QUIRKS.filter((quirk) => quirk !== "unlocked-placement").sort());
  });

  it("each script and snapshot is looked at here", () => {
    const known = [...Object.keys(DEFECTS).map((name) => `${name}.txt`), ...Object.keys(QUIRKS_OF_THE_TOOL)];
    expect(readdirSync(FOLDER).sort()).toEqual([...known, "q13-adjacent-areas", "q14-hidden-frames"].sort());
  });
});
