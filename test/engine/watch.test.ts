/** What changed is found word for word, by part. */
import { describe, expect, it } from "vitest";
import { ALL_PARTS, PartBits, Watch } from "../../properties/engine/watch.js";

const PARTS = [
  { name: "small", first: 0, end: 3 },
  { name: "large", first: 3, end: 10_000 },
  { name: "small", first: 10_000, end: 10_002 },
];

function watched(): { words: Int32Array; past: Int32Array; watch: Watch; bits: PartBits } {
  const words = Int32Array.from({ length: 10_002 }, (_, index) => index);
  const past = new Int32Array(words.length);
  const bits = new PartBits(PARTS);
  const watch = new Watch(words, past, PARTS, bits);
  watch.begin();
  return { words, past, watch, bits };
}

describe("watch", () => {
  it("sees each single word that changes, in its part, and follows it", () => {
    const { words, past, watch, bits } = watched();
    for (const place of [0, 2, 3, 4095, 4099, 8194, 9999, 10_000, 10_001]) {
      expect(watch.look()).toBe(0);
      words[place]! ^= 1 << 31;
      expect(watch.look(), `word ${place}`).toBe(bits.of(place < 3 || place >= 10_000 ? "small" : "large"));
      watch.follow();
      expect(past).toEqual(words);
    }
  });

  it("names all parts that changed", () => {
    const { words, watch, bits } = watched();
    words[1]!++;
    words[5000]!++;
    expect(watch.look()).toBe(bits.of("small") | bits.of("large"));
  });

  it("takes a claim that says nothing to look at all parts", () => {
    const { bits } = watched();
    expect([bits.all(undefined), bits.all([]), bits.all(["large"])]).toEqual([ALL_PARTS, 0, bits.of("large")]);
    expect(() => bits.of("medium")).toThrow("there is no part medium");
  });

  it("refuses parts that leave words out", () => {
    const words = new Int32Array(5);
    const parts = [{ name: "all", first: 0, end: 4 }];
    expect(() => new Watch(words, words.slice(), parts, new PartBits(parts))).toThrow("the parts end at word 4");
    const gap = [...parts, { name: "more", first: 5, end: 5 }];
    expect(() => new Watch(words, words.slice(), gap, new PartBits(gap))).toThrow("part more begins at word 5");
  });
});
