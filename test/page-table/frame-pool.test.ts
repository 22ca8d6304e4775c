import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AtomicPort, PlainPort } from "../../impl/memory-port.js";
import { FramePool } from "../../impl/page-table/frame-pool.js";
import { TableLayout } from "../../impl/page-table/layout.js";
import { geometry } from "../../vocabulary/geometry.js";

/** What a beginner would write: a set of free frames. */
class Plain {
  readonly free = new Set<number>();
  constructor(first: number, count: number) {
    for (let i = 0; i < count; i++) this.free.add(first + i);
  }
  run(order: number, wanted: number, first: number, count: number): number {
    const size = 2 ** order;
    const fits = (frame: number): boolean => {
      if (frame % size !== 0) return false;
      for (let i = 0; i < size; i++) if (!this.free.has(frame + i)) return false;
      return true;
    };
    const candidates = [wanted, ...Array.from({ length: count }, (_, i) => first + i)].filter((frame) => frame >= 0);
    const found = candidates.find(fits) ?? -1;
    if (found >= 0) for (let i = 0; i < size; i++) this.free.delete(found + i);
    return found;
  }
}

describe("frame pools", () => {
  it.each([
    [5, 37],
    [64, 200],
    [31, 1],
    [1, 130],
  ] as const)("hand out what a plain set hands out: %i table and %i data frames", (tableFrames, dataFrames) => {
    const layout = new TableLayout(geometry({ tableFrames, dataFrames, nodes: 2, indexBits: 1, kernelRootEntries: 0 }));
    const step = fc.record({
      node: fc.nat(1),
      order: fc.constantFrom(0, 0, 0, 1, 2, 5, 6),
      wanted: fc.nat(2 * (tableFrames + dataFrames) - 1),
      free: fc.boolean(),
      pick: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, tables) => {
        const port = new PlainPort(new Int32Array(layout.words));
        const pool = tables ? FramePool.ofTables(port, layout) : FramePool.ofData(port, layout);
        pool.initialise();
        const fresh = port.words.slice();
        const count = tables ? tableFrames : dataFrames;
        const firsts = [0, 1].map((node) => (tables ? layout.firstTableFrame(node) : layout.firstDataFrame(node)));
        const plain = firsts.map((first) => new Plain(first, count));
        const taken: { frame: number; order: number; node: number }[] = [];
        for (const { node, order, wanted, free, pick } of steps) {
          if (free && taken.length > 0) {
            const [run] = taken.splice(pick % taken.length, 1);
            pool.freeRun(run!.frame, run!.order);
            for (let i = 0; i < 2 ** run!.order; i++) plain[run!.node]!.free.add(run!.frame + i);
          } else {
            const wish = pick % 2 === 0 ? wanted : -1;
            const found = order === 0 && wish < 0 ? pool.allocate(node) : pool.allocateRun(node, order, wish);
            expect(found).toBe(plain[node]!.run(order, wish, firsts[node]!, count));
            if (found >= 0) taken.push({ frame: found, order, node });
          }
          expect([0, 1].map((each) => pool.freeCount(each))).toEqual(plain.map((each) => each.free.size));
        }
        for (const [node, first] of firsts.entries()) {
          for (let i = 0; i < count; i++) expect(pool.isFree(first + i)).toBe(plain[node]!.free.has(first + i));
        }
        for (const { frame, order } of taken) pool.freeRun(frame, order);
        // All given back, in whatever order: the words are those of the beginning.
        expect(port.words).toEqual(fresh);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it("refuse to take back what is free or not theirs", () => {
    const layout = new TableLayout(geometry({}));
    const pool = FramePool.ofTables(new AtomicPort(new Int32Array(new SharedArrayBuffer(4 * layout.words))), layout);
    pool.initialise();
    expect(() => pool.free(3)).toThrow("frame 3 is given back but is not in use");
    expect(() => pool.free(layout.firstDataFrame(1))).toThrow("not in use in this zone");
  });

  it("have nothing on a node that is not online", () => {
    const layout = new TableLayout(geometry({ nodes: 3, onlineNodes: [0, 2] }));
    const pool = FramePool.ofTables(new PlainPort(new Int32Array(layout.words)), layout);
    pool.initialise();
    expect([0, 1, 2].map((node) => pool.freeCount(node))).toEqual([256, 0, 256]);
    expect(pool.allocate(1)).toBe(-1);
  });
});
