import { describe, expect, it } from "vitest";
import { PlainPort } from "../../impl/memory-port.js";
import { CacheLayout, COUNTER } from "../../impl/page-cache/layout.js";
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import { type CacheGeometry, cacheGeometry, HEAD_LAYOUTS } from "../../vocabulary/page-cache/geometry.js";

const geometryOf = (shape: Partial<CacheGeometry> = {}) =>
  cacheGeometry({ nodes: 2, framesPerNode: 40, pageWords: 4, tagBits: 3, ...shape });

function wordsFor(geometry: CacheGeometry): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer(4 * LocklessPageCache.wordsNeeded(geometry)));
  LocklessPageCache.initialise(words, geometry);
  return words;
}

const coded = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe.each(HEAD_LAYOUTS)("a page cache with heads that name a %s", (head) => {
  const geometry = geometryOf({ head });

  it("is last in, first out on each node, and counts what it does", () => {
    const cache = LocklessPageCache.attach(wordsFor(geometry), geometry);
    expect([cache.populate(1, 3), cache.populate(1, 2), cache.populate(1, 4)]).toEqual([3, 0, 1]);
    expect([cache.pop(1), cache.pop(1), cache.pop(0)]).toEqual([43, 42, -1]);
    cache.push(42);
    cache.push(43);
    expect([cache.pop(1), cache.pop(1)]).toEqual([43, 42]);
    expect(
      [0, 1].map((node) => [cache.count(node), cache.hits(node), cache.misses(node), cache.returns(node)]),
    ).toEqual([
      [0, 0, 1, 0],
      [2, 4, 0, 6],
    ]);
    cache.reset();
    expect([cache.count(1), cache.hits(1), cache.misses(0), cache.returns(1)]).toEqual([2, 0, 0, 0]);
    expect([cache.drain(0), cache.drainAll(), cache.count(1), cache.pop(1)]).toEqual([0, 2, 0, -1]);
  });

  it("fills as far as there are free frames, over more than one word of them", () => {
    const cache = LocklessPageCache.attach(wordsFor(geometry), geometry);
    expect(cache.populate(0, 100)).toBe(40);
    const popped = Array.from({ length: 40 }, () => cache.pop(0));
    expect(popped).toEqual(Array.from({ length: 40 }, (_, i) => 39 - i));
    expect([cache.pop(0), cache.populate(0, 1), cache.populate(1, 1)]).toEqual([-1, 0, 1]);
  });

  it("hands out pages without old entries and without a link", () => {
    const cache = LocklessPageCache.attach(wordsFor(geometry), geometry);
    cache.populate(0, 2);
    const page = cache.pop(0);
    cache.writeWord(page, 3, 77);
    cache.push(page);
    expect([cache.pop(0), cache.readWord(page, 3), cache.linkOf(page)]).toEqual([page, 0, 0]);
  });

  it("is one cache for all that attach, and plain links mean the same", () => {
    const words = wordsFor(geometry);
    const [one, other] = [
      LocklessPageCache.attach(words, geometry),
      LocklessPageCache.attach(words, geometry, { links: "plain" }),
    ];
    one.populate(0, 2);
    const page = other.pop(0);
    other.writeWord(page, 0, 5);
    other.push(page);
    expect([one.pop(0), one.pop(0), one.pop(0)]).toEqual([page, 0, -1]);
    expect(one.readWord(page, 0)).toBe(0);
  });

  it("counts beyond 32 bits", () => {
    const words = wordsFor(geometry);
    const cache = LocklessPageCache.attach(words, geometry);
    words[new CacheLayout(geometry).counter(0, COUNTER.MISSES)] = -1;
    cache.pop(0);
    expect(cache.misses(0)).toBe(2 ** 32);
  });

  it("refuses what is out of range", () => {
    const cache = LocklessPageCache.attach(wordsFor(geometry), geometry);
    for (const node of [-1, 2, 0.5, Number.NaN]) {
      for (const call of [
        () => cache.pop(node),
        () => cache.drain(node),
        () => cache.count(node),
        () => cache.populate(node, 1),
      ]) {
        expect(call).toThrow(coded("ARGUMENT", `node is ${node}: expected an integer from 0 to 1`));
      }
    }
    for (const frame of [-1, 80, 1.5]) expect(() => cache.push(frame)).toThrow(coded("ARGUMENT", `frame is ${frame}`));
    expect(() => cache.populate(0, -1)).toThrow(coded("ARGUMENT", "target is -1"));
  });

  it("in debug mode refuses a frame that is not out", () => {
    const words = wordsFor(geometry);
    const cache = LocklessPageCache.attach(words, geometry, { debug: true });
    cache.populate(0, 2);
    const page = cache.pop(0);
    cache.push(page);
    const before = words.slice();
    expect(() => cache.push(page)).toThrow(coded("NOT_ENABLED", `frame ${page} is pushed but is on a list already`));
    expect(() => cache.push(7)).toThrow(coded("NOT_ENABLED", "frame 7 is pushed but is free"));
    expect(words).toEqual(before);
  });
});

describe("words for a page cache", () => {
  it("that are too few are refused with the number that is needed", () => {
    const geometry = geometryOf();
    const needed = LocklessPageCache.wordsNeeded(geometry);
    const words = new Int32Array(needed - 1);
    const message = `needs an Int32Array of ${needed} words, got ${needed - 1} words`;
    expect(() => LocklessPageCache.initialise(words, geometry)).toThrow(coded("STORAGE", message));
    expect(() => LocklessPageCache.attach(words, geometry)).toThrow(coded("STORAGE", message));
  });

  it("must have been initialised, with the same geometry", () => {
    const geometry = geometryOf();
    const blank = new Int32Array(LocklessPageCache.wordsNeeded(geometry));
    expect(() => LocklessPageCache.attach(blank, geometry)).toThrow(coded("STORAGE", "not initialised"));
    const words = wordsFor(geometry);
    for (const [field, shape] of [
      ["tagBits 3 and is attached with 2", { tagBits: 2 }],
      ["framesPerNode 40 and is attached with 39", { framesPerNode: 39 }],
      ["head layout frame and is attached with address", { head: "address" }],
    ] as const) {
      expect(() => LocklessPageCache.attach(words, geometryOf(shape))).toThrow(coded("GEOMETRY", field));
    }
  });

  it("hold 64-bit heads only where 64-bit words can be", () => {
    const geometry = geometryOf({ head: "address" });
    const bytes = new SharedArrayBuffer(4 * LocklessPageCache.wordsNeeded(geometry) + 8);
    expect(() => LocklessPageCache.initialise(new Int32Array(bytes, 4), geometry)).toThrow(
      coded("STORAGE", "multiple of 8"),
    );
    LocklessPageCache.initialise(new Int32Array(bytes, 8), geometry);
    expect(LocklessPageCache.attach(new Int32Array(bytes, 8), geometry).populate(0, 1)).toBe(1);
    expect(() => LocklessPageCache.attachOver(new PlainPort(new Int32Array(bytes, 8)), geometry)).toThrow(
      coded("ARGUMENT", "64-bit words"),
    );
  });

  it("must leave room for the tag, and the geometry must be possible", () => {
    const large = geometryOf({ nodes: 8, framesPerNode: 65_535, pageWords: 0, tagBits: 16 });
    const words = new Int32Array(LocklessPageCache.wordsNeeded(large));
    expect(() => LocklessPageCache.initialise(words, large)).toThrow(coded("ARGUMENT", "tagBits"));
    expect(() => cacheGeometry({ nodes: 9 })).toThrow(coded("GEOMETRY", "nodes is 9"));
    expect(() => cacheGeometry({ head: "pointer" as "frame" })).toThrow(coded("GEOMETRY", "head is pointer"));
  });
});
