import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { contiguityReplay } from "../../cli/contiguity-replay.js";
import { replayScript } from "../../impl/contiguity/allocator-replay.js";
import { parseScript } from "../../impl/contiguity/allocator-script.js";
import { QUIRKS, type Quirk } from "../../vocabulary/contiguity/allocator.js";

const ALLOC = join(import.meta.dirname, "fixtures/alloc");

interface Line {
  readonly result?: number | null;
  readonly via?: string;
  readonly zones: readonly { readonly free_counter: number; readonly reserved_frames: number; readonly map: unknown }[];
  readonly total_alloc: number;
  readonly failure: Readonly<Record<string, number>>;
  readonly success: Readonly<Record<string, number>>;
  readonly text?: string;
}

function replay(script: string, quirks: readonly Quirk[] = []): Line[] {
  return [...replayScript(parseScript(script, quirks))].map((line) => JSON.parse(line) as Line);
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

describe("the profile of the authors is the authors' routines, operation for operation, state for state", () => {
  it.each(readdirSync(ALLOC))("%s", async (name) => {
    const folder = join(ALLOC, name);
    let out = "";
    const code = await contiguityReplay(
      { file: join(folder, "ops.txt"), profile: "authors" },
      (text) => {
        out += text;
      },
      () => {},
    );
    expect(code).toBe(0);
    expect(out).toBe(gunzipSync(readFileSync(join(folder, "expected.jsonl.gz"))).toString());
  });
});

describe("files", () => {
  const reading = [
    "zone-normal 4096 20480",
    "used 4096 4097",
    "init",
    "file 0 1024",
    ...Array.from({ length: 4 }, (_, page) => `readahead 0 ${page}`),
    "readahead 0 512",
    "readahead 0 513",
  ];

  it("takes the pages behind the first one of a 2 MiB unit from its reserve, in order", () => {
    const lines = replay(reading.join("\n"));
    const frames = lines.slice(2).map(({ result }) => result!);
    expect(frames.slice(1, 4)).toEqual([frames[0]! + 1, frames[0]! + 2, frames[0]! + 3]);
    expect(lines.slice(3, 6).map(({ via }) => via)).toEqual(["reserved", "reserved", "reserved"]);
    expect(frames[4]).toBe(frames[0]! + 512);
  });

  it("A22: reserved and used frames of a unit are 512", () => {
    const lines = replay(reading.join("\n"));
    expect(lines.slice(2).map(({ zones }) => zones[0]!.reserved_frames)).toEqual([511, 510, 509, 508, 1019, 1018]);
  });

  it("A23: gives the reserve back with the file, and not with leaked-reserve", () => {
    const script = [...reading, "drop 0"].join("\n");
    const [last, leaked] = [replay(script).at(-1)!, replay(script, ["leaked-reserve"]).at(-1)!];
    expect(last.zones[0]!.reserved_frames).toBe(0);
    expect(last.zones[0]!.free_counter).toBe(16384 - 1 - 6);
    expect(leaked.zones[0]!.reserved_frames).toBe(1018);
  });

  it("A20: counts each attempt at a reserved frame, and not with silent-exits", () => {
    const script = reading.join("\n");
    const { total_alloc, failure, success } = replay(script).at(-1)!;
    expect(sum(failure) + sum(success)).toBe(total_alloc);
    const silent = replay(script, ["silent-exits"]).at(-1)!;
    expect(sum(silent.failure) + sum(silent.success)).toBeGreaterThan(silent.total_alloc);
  });

  it("begins a new file with offset 0, and not with recycled-inode", () => {
    const script = [...reading, "file 0 100", "readahead 0 5"].join("\n");
    const targets = (quirks: readonly Quirk[]) => replay(script, quirks).at(-1)!.failure;
    expect(targets([])["OCCUPIED/0"] ?? 0).toBeGreaterThan(0);
    expect(targets([])).not.toEqual(targets(["recycled-inode"]));
  });
});

describe("each of the authors' versions shows", () => {
  const boot = (used: string): string => `zone-normal 4096 20480\n${used}init\nvma 0 1048576 1052672\n`;
  const scripts: readonly (readonly [Quirk, string])[] = [
    ["counter-drift", `${boot("")}place 1024 9 1`],
    ["split-limit", `${boot("")}fault 0 1048576 0`],
    ["shadowed-offset", `zone-normal 4096 20480\ninit\nvma 0 1048577 1052673\nfault 0 1049088 9`],
    ["phantom-range", "zone-normal 4096 8192\nused 4096 8192\ninit"],
    ["frame-zero", "zone-normal 0 4096\ninit"],
  ];

  it.each(scripts)("%s", (quirk, script) => {
    expect(replay(script, [quirk]).at(-1)).not.toEqual(replay(script).at(-1));
  });

  it("prints a reason of its own for exits that the authors do not count", () => {
    const script = "zone-normal 4096 20480\ninit\nprocfail";
    expect(replay(script).at(-1)!.text).toContain("NUMA:\t0\n\t\tSILENT:\t0\n");
    expect(replay(script, QUIRKS).at(-1)!.text).not.toContain("SILENT");
  });
});

describe("scripts that ask for what cannot be done", () => {
  it.each([
    ["free 7168 9", "line 4: free: expected frames in use, frame 7168 is free"],
    ["free 0 0", "line 4: free: expected frames of a zone, frame 0 is in none"],
    ["target 5000 0 0\nfree 5000 1", "line 5: free: expected frames in use, frame 5001 is free"],
    ["file 0 512\nreadahead 0 0\nfree 4098 0", "line 6: free: expected frames in use, frame 4098 is reserved"],
  ])("%j", async (steps, message) => {
    const folder = mkdtempSync(join(tmpdir(), "contiguity-"));
    const file = join(folder, "ops.txt");
    writeFileSync(file, `zone-normal 4096 9216\ninit\nprocmap\n${steps}\n`);
    let [out, err] = ["", ""];
    const code = await contiguityReplay(
      { file },
      (text) => {
        out += text;
      },
      (text) => {
        err += text;
      },
    );
    rmSync(folder, { recursive: true });
    expect([code, out, err]).toEqual([2, "", `pagetwin: ${file}: ${message}\n`]);
  });
});

describe("the authors' walk to the block of a target", () => {
  it("ends at the buddy that makes a top block, and does not ask who uses the next one", () => {
    const steps = "alloc 10\nalloc 10\nfree 4096 8\ntarget 4608 9 0";
    const last = replay(`zone-normal 4096 9216\ninit\n${steps}`, QUIRKS).at(-1)!;
    expect(last.failure).toEqual({ "NOTHING_FOUND/9": 1 });
  });
});

describe("scripts that cannot be read", () => {
  it.each([
    ["zone-normal 4096 20481\ninit", "zone Normal is [4096, 20481): expected ascending multiples of 1024 up to 2^26"],
    ["zone-normal 4096 20480\ninit\nfault 0 1 3", "line 3: fault: expected 0 or 9 as argument 3"],
    [
      "zone-normal 4096 20480\ninit\njump 1",
      "line 3: jump: expected an operation, such as fault, alloc, free or procmap",
    ],
    ["zone-normal 4096 20480", "expected a line init"],
  ])("%j", (script, message) => {
    expect(() => parseScript(script, [])).toThrow(message);
  });
});
