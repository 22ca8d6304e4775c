import { describe, expect, it } from "vitest";
import { HeadFormat, seedHeadOf, seedPointerOf, seedTagOf } from "../../impl/page-cache/head.js";
import { machine } from "./impl-machine.js";

describe("the head of a cache list", () => {
  it("keeps page and tag apart for every tag width that has room, and wraps the tag", () => {
    const pages = 1000;
    for (let tagBits = 0; tagBits <= 16; tagBits++) {
      const format = new HeadFormat(pages, tagBits);
      let head = 0;
      for (let change = 1; change <= 70_000; change += 1) {
        const page = (change * 7) % (pages + 1);
        head = format.successor(head, page);
        if (change > 9 && change < 65_530) continue;
        expect([format.page(head), format.tag(head)]).toEqual([page, tagBits === 0 ? 0 : change % 2 ** tagBits]);
      }
    }
  });

  it("refuses a tag that leaves no room for the pages", () => {
    expect(new HeadFormat(2 ** 22).tagBits).toBe(9);
    expect(() => new HeadFormat(2 ** 22, 10)).toThrow(expect.objectContaining({ code: "ARGUMENT" }));
    expect(() => new HeadFormat(4, 17)).toThrow(expect.objectContaining({ code: "ARGUMENT" }));
  });

  it("can be shown as the original lays it out: 16 bits of tag over 48 of pointer", () => {
    const pointer = 0xffff_ea00_0123_4580n;
    const head = seedHeadOf(0x1_0007, pointer);
    expect(head).toBe(0x0007_ea00_0123_4580n);
    expect([seedTagOf(head), seedPointerOf(head)]).toEqual([7, pointer]);
    // A 57-bit pointer does not survive.
    expect(seedPointerOf(seedHeadOf(1, 0xff11_0000_0000_1000n))).not.toBe(0xff11_0000_0000_1000n);
  });
});

describe("the page cache", () => {
  it("is last in, first out, and exact in its counts", () => {
    const { cache, tablePool, entries, tables, descriptors, counters } = machine({}, { tagBits: 2 }).kernel;
    const pages = [tablePool.allocate(0), tablePool.allocate(0), tablePool.allocate(0)];
    entries.set(tables.entryIndex(pages[1]!, 1), 5, 6);
    for (const page of pages) cache.push(page, 0);
    expect(cache.count(0)).toBe(3);
    expect([cache.pop(0), cache.pop(0), cache.pop(0), cache.pop(0)]).toEqual([pages[2], pages[1], pages[0], -1]);
    expect(entries.low(tables.entryIndex(pages[1]!, 1))).toBe(0);
    expect(pages.map((page) => [descriptors.isLinked(page), descriptors.isFromCache(page)])).toEqual(
      pages.map(() => [false, true]),
    );
    expect(cache.count(0)).toBe(0);
    const { at } = counters;
    expect([at.cacheHits, at.cacheMisses, at.cacheReturns].map((row) => counters.read(at.counter(row, 0)))).toEqual([
      3, 1, 3,
    ]);
  });

  it("fills up to a level and no further, stops where a node has no frame, and drains into the pool", () => {
    const { cache, tablePool } = machine({ tableFrames: 4 }).kernel;
    cache.populate(1, 3);
    cache.populate(1, 2);
    expect([cache.count(1), tablePool.freeCount(1)]).toEqual([3, 1]);
    cache.populate(1, 100);
    expect([cache.count(1), tablePool.freeCount(1)]).toEqual([4, 0]);
    cache.drain(1);
    expect([cache.count(1), cache.top(1), tablePool.freeCount(1)]).toEqual([0, -1, 4]);
  });

  it("changes its tag with every change of the head, draining included", () => {
    const { cache, memory, layout } = machine({}, { tagBits: 3 }).kernel;
    const tag = () => cache.heads.tag(memory.load("test", layout.cacheHead(0)));
    cache.populate(0, 2);
    expect(tag()).toBe(2);
    cache.drain(0);
    expect(tag()).toBe(3);
    cache.drain(0);
    cache.pop(0);
    expect(tag()).toBe(3);
  });
});
