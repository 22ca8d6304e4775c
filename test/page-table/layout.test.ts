import { describe, expect, it } from "vitest";
import { TableLayout } from "../../impl/page-table/layout.js";
import { wordsNeeded } from "../../impl/replication/layout.js";
import { canonicalPage, highestLeafLevel, indexAt, pageCount, span } from "../../model/page-table/address.js";
import { geometry } from "../../vocabulary/geometry.js";

const SHAPES = [2, 3, 4, 5].flatMap((levels) =>
  [1, 2, 3, 8, 9].map((indexBits) => ({ levels, indexBits, kernelRootEntries: 0 })),
);

describe("the layout", () => {
  it("splits page numbers by shifts as the reference does by division, in every geometry", () => {
    for (const shape of SHAPES) {
      const machine = geometry(shape);
      const layout = new TableLayout(machine);
      expect([layout.pages, layout.leafLevels]).toEqual([pageCount(machine), highestLeafLevel(machine)]);
      for (let sample = 0; sample < 64; sample++) {
        const page = sample < 8 ? sample % layout.pages : Math.floor((layout.pages - 1) * (sample / 63));
        const high = layout.highOf(page);
        expect(layout.pageOf(high, layout.lowOf(page, high))).toBe(page);
        for (let level = 1; level <= machine.levels; level++) {
          expect(layout.indexOf(page, level)).toBe(indexAt(machine, level, page));
          expect(layout.span(level)).toBe(span(machine, level));
        }
      }
    }
  });

  it("finds node, zone and words of every frame, and the frame of every entry", () => {
    for (const [tableFrames, dataFrames] of [
      [1, 0],
      [3, 5],
      [64, 3],
      [7, 100],
    ] as const) {
      const layout = new TableLayout(
        geometry({ tableFrames, dataFrames, nodes: 8, indexBits: 2, kernelRootEntries: 0 }),
        13,
      );
      expect(layout.base + layout.words).toBe(layout.end);
      const words = new Set<number>();
      for (let frame = 0; frame < 8 * (tableFrames + dataFrames); frame++) {
        const node = Math.floor(frame / (tableFrames + dataFrames));
        expect(layout.nodeOfFrame(frame)).toBe(node);
        const isTable = frame % (tableFrames + dataFrames) < tableFrames;
        expect(layout.isTableFrame(frame)).toBe(isTable);
        if (!isTable) continue;
        for (let index = 0; index < 4; index++) {
          const word = layout.entryIndex(frame, index);
          expect(layout.frameOfEntry(word)).toBe(frame);
          for (const each of [word, word + 1]) {
            expect(each >= layout.tableBase && each < layout.end && !words.has(each)).toBe(true);
            words.add(each);
          }
        }
      }
    }
  });

  it("keeps the largest machine in 31-bit frame numbers", () => {
    const machine = geometry({
      nodes: 8,
      tableFrames: 2 ** 19,
      dataFrames: 2 ** 28,
      tlbSlots: 0,
      walkCacheSlots: 0,
      indexBits: 1,
      kernelRootEntries: 0,
    });
    const layout = new TableLayout(machine);
    const last = layout.firstTableFrame(7) + 2 ** 19 - 1;
    expect(last).toBeLessThan(2 ** 31);
    expect([layout.nodeOfFrame(last), layout.frameOfEntry(layout.entryIndex(last, 1))]).toEqual([7, last]);
  });

  it("refuses a machine of more words than an index can name", () => {
    const most = geometry({ nodes: 8, tableFrames: 2 ** 19, dataFrames: 2 ** 28 });
    expect(() => new TableLayout(most)).toThrow(/^the machine needs \d+ words: expected frames for at most \d+$/);
    expect(() => wordsNeeded(most)).toThrow("the machine needs");
    const large = new TableLayout(geometry({ nodes: 3, tableFrames: 2 ** 19, dataFrames: 2 ** 28 }));
    expect(large.words).toBeGreaterThan(3 * 2 ** 29);
    expect(large.end).toBeLessThan(2 ** 31);
  });

  it("puts the nodes an odd number of tables apart", () => {
    for (const tableFrames of [4, 5, 255, 256]) {
      const layout = new TableLayout(geometry({ tableFrames, dataFrames: 0 }));
      expect((layout.nodeStride / layout.tableWords) % 2).toBe(1);
    }
  });

  it("has canonical addresses in two halves", () => {
    const machine = geometry({});
    const half = 2 ** 35;
    expect(
      [0, half - 1, half, 2 ** 52 - half - 1, 2 ** 52 - half, 2 ** 52 - 1].map((page) => canonicalPage(machine, page)),
    ).toEqual([0, half - 1, undefined, undefined, half, 2 * half - 1]);
  });
});
