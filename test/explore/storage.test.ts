/** The parts below the search: fingerprints, rows, sets, parent links, each against what is plainly right. */
import { describe, expect, it } from "vitest";
import { German } from "../../bench/peers/german.js";
import { Fingerprinter } from "../../explore/fingerprint.js";
import { FingerprintSet } from "../../explore/fingerprint-set.js";
import { FullSet } from "../../explore/full-set.js";
import { Lineage } from "../../explore/lineage.js";
import { Rows } from "../../explore/rows.js";
import { Successors } from "../../explore/successors.js";
import { naiveGraph } from "./toys/naive.js";

/** Families of states that are much alike: the hard case for a hash. */
const FAMILIES: readonly [string, number, () => number[][]][] = [
  ["one word that counts", 1, () => numbers(60_000).map((n) => [n])],
  ["one word that counts by pages", 1, () => numbers(60_000).map((n) => [n << 12])],
  ["two words that count", 2, () => numbers(60_000).map((n) => [n % 250, Math.floor(n / 250)])],
  ["sixteen bits, a word each", 16, () => numbers(60_000).map((n) => numbers(16).map((bit) => (n >> bit) & 1))],
  [
    "two words set among 350",
    350,
    () => numbers(60_000).map((n) => sparse(350, n % 350, (n * 7 + 1 + Math.floor(n / 350)) % 350, 1 + (n % 3))),
  ],
  ["German's protocol with three caches", 4, () => naiveGraph(new German(3)).states.map((state) => [...state])],
];

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

function sparse(width: number, one: number, other: number, value: number): number[] {
  const words = new Array<number>(width).fill(0);
  words[one] = value;
  words[other] = 5;
  return words;
}

describe("fingerprints", () => {
  it.each(FAMILIES)(
    "collide in any 24 of their 64 bits no oftener than chance would have it: %s",
    (_, width, family) => {
      const states = new Map(family().map((state) => [state.join(), state]));
      const fingerprinter = new Fingerprinter(width);
      const pairs = [...states.values()].map((state) => {
        fingerprinter.take(Int32Array.from(state), 0);
        return [fingerprinter.first, fingerprinter.second] as const;
      });
      const windows: ((first: number, second: number) => number)[] = [
        (first) => first >>> 8,
        (first) => first & 0xffffff,
        (_first, second) => second >>> 8,
        (_first, second) => second & 0xffffff,
        (first, second) => ((first >>> 20) << 12) | (second >>> 20),
        (first, second) => ((first & 0xfff) << 12) | (second & 0xfff),
        (first, second) => (first ^ second) & 0xffffff,
      ];
      const expected = (states.size * (states.size - 1)) / 2 / 2 ** 24;
      for (const window of windows) {
        const collisions = pairs.length - new Set(pairs.map(([first, second]) => window(first, second))).size;
        // Six standard deviations of Poisson. Families that are linear over bits may well collide less than chance.
        expect(collisions).toBeLessThan(expected + 6 * Math.sqrt(expected) + 1);
      }
      expect(new Set(pairs.map(([first, second]) => `${first} ${second}`)).size).toBe(states.size);
    },
  );

  it("follow from the base's by the changed words as they follow from the whole state", () => {
    const words = Int32Array.from([7, 0, -1, 1 << 31, 5]);
    const fingerprinter = new Fingerprinter(5);
    const successors = new Successors(words, 5, 1, fingerprinter);
    const base = successors.bases[0]!;
    base.set(words);
    fingerprinter.take(base, 0);
    successors.begin(base, fingerprinter.first, fingerprinter.second);
    words.set([7, 9, -2, 0, 5]);
    fingerprinter.take(words, 0);
    expect(successors.hold(0)).toBe(true);
    expect([successors.first(0), successors.second(0)]).toEqual([fingerprinter.first, fingerprinter.second]);
    expect(words).toEqual(base);
    successors.apply(0);
    expect([...words]).toEqual([7, 9, -2, 0, 5]);
    successors.undo(0, base);
    expect(words).toEqual(base);
    expect(successors.hold(0)).toBe(false);
  });
});

describe("the sets of states", () => {
  it.each(["full", "fingerprint"])("find what was added and nothing else, through many enlargements: %s", (store) => {
    const count = 100_000;
    const fingerprinter = new Fingerprinter(2);
    const set = store === "full" ? new FullSet(2, fingerprinter) : new FingerprintSet(2);
    const words = new Int32Array(2);
    const find = (n: number): number => {
      words.set([n, -n]);
      fingerprinter.take(words, 0);
      return set.find(fingerprinter.first, fingerprinter.second, words);
    };
    let wrong = 0;
    for (let n = 0; n < count; n++) {
      if (find(3 * n) !== -1) wrong++;
      set.add(fingerprinter.first, fingerprinter.second, words);
    }
    expect(set.count).toBe(count);
    for (let n = 0; n < 3 * count; n++) if (find(n) !== (n % 3 === 0 ? n / 3 : -1)) wrong++;
    for (let n = 0; n < count; n++) {
      set.take(n, words);
      fingerprinter.take(words, 0);
      if (words[0] !== 3 * n || words[1] !== -3 * n) wrong++;
      if (set.takenFirst !== fingerprinter.first || set.takenSecond !== fingerprinter.second) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it("keeps states apart that have one fingerprint, if it compares states", () => {
    const set = new FullSet(1, new Fingerprinter(1));
    for (const word of [10, 20, 30]) {
      expect(set.find(1, 2, Int32Array.of(word))).toBe(-1);
      set.add(1, 2, Int32Array.of(word));
    }
    expect([10, 20, 30, 40].map((word) => set.find(1, 2, Int32Array.of(word)))).toEqual([0, 1, 2, -1]);
  });
});

describe("rows", () => {
  it("keep their words over chunks and give memory back from the front", () => {
    const rows = new Rows(3);
    const words = new Int32Array(3);
    for (let row = 0; row < 50_000; row++) {
      words.set([row, -row, row * row]);
      rows.append(words);
      if (row >= 100) rows.release(row - 100);
    }
    expect(rows.bytes).toBeLessThan(200_000);
    expect(rows.bytesPeak).toBeGreaterThanOrEqual(rows.bytes);
    rows.copy(49_950, words);
    expect([...words]).toEqual([49_950, -49_950, (49_950 * 49_950) | 0]);
    expect(rows.equals(49_950, words)).toBe(true);
    expect(rows.equals(49_951, words)).toBe(false);
  });

  it("hold a row that is wider than a chunk", () => {
    const rows = new Rows(100_000);
    const words = Int32Array.from({ length: 100_000 }, (_, i) => i);
    rows.append(words);
    words.reverse();
    rows.append(words);
    expect(rows.equals(1, words)).toBe(true);
    expect(rows.equals(0, words)).toBe(false);
  });
});

describe("parent links", () => {
  it("tell each state's way from the first one", () => {
    const parents = [-1];
    const lineage = new Lineage();
    for (let parent = 0; parent < 3_000; parent++) {
      const children = parent >= parents.length ? 0 : [3, 0, 1, 1, 0, 2][parent % 6]!;
      for (let child = 0; child < children; child++) {
        lineage.child();
        parents.push(parent);
      }
      lineage.endOfChildren();
    }
    const way = (state: number): number[] => (state === 0 ? [0] : [...way(parents[state]!), state]);
    for (let state = 0; state < parents.length; state += 7) expect(lineage.ancestry(state)).toEqual(way(state));
    expect(parents.length).toBeGreaterThan(1_000);
    expect(lineage.bytes).toBeLessThan(100_000);
  });
});
