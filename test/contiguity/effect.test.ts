import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
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

describe("on two nodes, a process on each", () => {
  it.each([
    [9, 6],
    [0, 4],
  ] as const)("order %i: fewer ranges for 99 percent than first touch, with each of %i seeds", (order, seeds) => {
    const [firstTouch, aware] = effectsOf(order, seeds, 2);
    expect([firstTouch!.fewer, aware!.fewer, aware!.more]).toEqual([0, seeds, 0]);
  });
});

describe("pagetwin contiguity effect", () => {
  it("prints the table, and draws a dot for each seed of each policy", async () => {
    const folder = mkdtempSync(join(tmpdir(), "effect-"));
    try {
      const svg = join(folder, "effect.svg");
      const said: string[] = [];
      const say = (text: string): void => void said.push(text);
      expect(await contiguityEffect({ seeds: 3, nodes: 1, svg }, say, say)).toBe(0);
      expect(said.join("")).toMatch(/2 MiB +contiguity-aware +1 +1 +2 +3 of 3 +0\.1250\n/);
      expect(said.join("")).toContain("The split limit costs processes with 4 KiB faults 4,021 ranges instead of 1.\n");
      const picture = readFileSync(svg, "utf8");
      expect(picture.match(/<circle /g)).toHaveLength(2 * 4 * 3);
      expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([1, 2] as const)("--json prints what its schema says, with memory of %i node(s)", async (nodes) => {
    const schema = JSON.parse(readFileSync("docs/schemas/contiguity-effect-1.schema.json", "utf8"));
    const isValid = new Ajv2020({ allErrors: true }).compile(schema);
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    expect(await contiguityEffect({ seeds: 2, nodes, json: true }, say, say)).toBe(0);
    const document = JSON.parse(said.join(""));
    expect([isValid(document), isValid.errors]).toEqual([true, null]);
    expect([document.seeds, document.nodes, document.effects[0].ranges.length]).toEqual([2, nodes, 2]);
    const { chance: _, ...first } = document.effects[0];
    expect(isValid({ ...document, effects: [first, ...document.effects.slice(1)] })).toBe(false);
    const { nodes: __, ...rest } = document;
    expect(isValid(rest)).toBe(false);
  });

  it("C3: the same memories with the split limit, and the authors' rules, are no better than first touch for 4 KiB faults", () => {
    const [firstTouch, aware, limited, authors] = effectsOf(0, 2);
    expect(limited!.ranges).toEqual(firstTouch!.ranges);
    expect(authors!.ranges).toEqual(firstTouch!.ranges);
    expect([limited!.fewer, limited!.more, limited!.chance]).toEqual([0, 0, 1]);
    expect([aware!.fewer, aware!.more, aware!.chance]).toEqual([2, 0, 0.25]);
  });
});
