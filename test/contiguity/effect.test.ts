import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contiguityEffect } from "../../cli/contiguity-effect.js";
import { effectOver, effectsOf } from "../../properties/contiguity/effect.js";

describe("two processes that fault by turns, on a fragmented memory, over a few seeds", () => {
  it.each([
    [9, 6],
    [0, 2],
  ] as const)("order %i: fewer ranges for 99 percent than first touch, with each of %i seeds", (order, seeds) => {
    const firstTouch = effectOver(seeds, { contiguityAware: false, order });
    const aware = effectOver(seeds, { contiguityAware: true, order });
    expect(aware.every((count, index) => count < firstTouch[index]!)).toBe(true);
  });
});

describe("pagetwin contiguity effect", () => {
  it("prints the table, and draws a dot for each seed of each policy", async () => {
    const folder = mkdtempSync(join(tmpdir(), "effect-"));
    try {
      const svg = join(folder, "effect.svg");
      const said: string[] = [];
      const say = (text: string): void => void said.push(text);
      expect(await contiguityEffect({ seeds: 3, svg }, say, say)).toBe(0);
      expect(said.join("")).toMatch(/2 MiB +contiguity-aware +1 +1 +2 +3 of 3 +0\.1250\n/);
      expect(said.join("")).toContain("The split limit costs processes with 4 KiB faults 4,021 ranges instead of 1.\n");
      const picture = readFileSync(svg, "utf8");
      expect(picture.match(/<circle /g)).toHaveLength(2 * 4 * 3);
      expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("C3: the same memories with the split limit, and the authors' rules, are no better than first touch for 4 KiB faults", () => {
    const [firstTouch, aware, limited, authors] = effectsOf(0, 2);
    expect(limited!.ranges).toEqual(firstTouch!.ranges);
    expect(authors!.ranges).toEqual(firstTouch!.ranges);
    expect([limited!.fewer, limited!.more, limited!.chance]).toEqual([0, 0, 1]);
    expect([aware!.fewer, aware!.more, aware!.chance]).toEqual([2, 0, 0.25]);
  });
});
