import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, differences, equalPlain } from "../../properties/engine/differences.js";
import { Digester } from "../../properties/engine/digest.js";
import { Interner } from "../../properties/engine/interner.js";
import type { Plain } from "../../properties/engine/system.js";

const key = fc.constantFrom("spaces", "root", "entries", "0", "1", "12", "dirty");
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.string({ maxLength: 3 }),
);
const plain = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value")),
  ),
})).value;

const shuffled = (value: Plain): Plain => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, shuffled(field)]),
  );
};
const digest = (value: unknown) => new Digester().hexadecimal(value);
const canonical = (value: Plain): string =>
  JSON.stringify(value, (_, field) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([one], [other]) => (one < other ? -1 : 1)))
      : field,
  );

describe("digest", () => {
  it("does not see the order of keys, nor keys without a value", () => {
    fc.assert(fc.property(plain, (value) => digest(value) === digest(shuffled(value))));
    expect(digest({ a: 1, b: undefined })).toBe(digest({ a: 1 }));
  });

  it("tells different data apart: no two of 100,000 states that differ in small integers share a half", () => {
    const digester = new Digester();
    const halves: readonly Set<number>[] = [new Set(), new Set()];
    const interner = new Interner();
    for (let i = 0; i < 100_000; i++) {
      const state = {
        entries: { [i % 7]: { frame: Math.floor(i / 7) % 1000, dirty: [i % 2 === 0, false] } },
        homes: [Math.floor(i / 7000), i % 2],
      };
      expect(interner.number(state)).toBe(i);
      digester.take(state);
      halves[0]!.add(digester.first);
      halves[1]!.add(digester.second);
    }
    // 100,000 of 2^32: 1.2 pairs are expected to meet by chance in each half.
    for (const half of halves) expect(100_000 - half.size).toBeLessThan(20);
  });

  it("equals exactly where the data are equal", () => {
    fc.assert(fc.property(plain, plain, (one, other) => equalPlain(one, other) === (digest(one) === digest(other))));
  });
});

describe("differences", () => {
  it("lead from one value to the other", () => {
    fc.assert(
      fc.property(plain, plain, (before, after) => {
        expect(canonical(applyChanges(before, differences(before, after)))).toBe(canonical(after));
      }),
    );
  });

  it("are none exactly where the data are equal", () => {
    fc.assert(
      fc.property(plain, plain, (one, other) => equalPlain(one, other) === (differences(one, other).length === 0)),
    );
    fc.assert(fc.property(plain, (value) => equalPlain(value, shuffled(value))));
  });

  it("have paths that a person can read", () => {
    const before = { spaces: [{ root: { entries: { 1: { accessed: [false] } } } }] };
    const after = { spaces: [{ root: { entries: { 1: { accessed: [true] }, 2: "new" } } }] };
    expect(differences(before, after)).toEqual([
      { path: "spaces.0.root.entries.1.accessed.0", before: false, after: true },
      { path: "spaces.0.root.entries.2", after: "new" },
    ]);
  });

  it("refuse a path that leads nowhere", () => {
    expect(() => applyChanges({ a: 1 }, [{ path: "a.b.c", after: 2 }])).toThrow("there is nothing at b.c");
  });
});
