import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Digester, knownParts } from "../../properties/engine/digest.js";

const plain = fc.jsonValue({ maxDepth: 4 });

/** The digest of `value`, by the parts of another value or without. */
function digest(value: unknown, like?: unknown): string {
  const digester = new Digester();
  digester.take(value, like === undefined ? undefined : digester.digested(like));
  return `${digester.first} ${digester.second}`;
}

describe("A digest taken by the parts of another value", () => {
  it("is the one taken without", () => {
    fc.assert(
      fc.property(plain, plain, (value, other) => {
        expect(digest(value, other)).toBe(digest(value));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("is the one taken without when most parts are shared", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), plain), fc.string(), plain, (record, key, value) => {
        const changed = { [key]: value, ...record, list: [record, value] };
        const like = { ...record, [key]: null, list: [record, record, key] };
        expect(digest(changed, like)).toBe(digest(changed));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("is the one taken without when only some parts are known, and finds a part that differs", () => {
    const digester = new Digester();
    const like = knownParts(["answers", "statistics"], [undefined, digester.digested({ clock: 1 })]);
    digester.take({ answers: [1], statistics: { clock: 1 } }, like);
    const known = `${digester.first} ${digester.second}`;
    digester.take({ answers: [1], statistics: { clock: 2 } }, like);
    const changed = `${digester.first} ${digester.second}`;
    expect(known).toBe(digest({ answers: [1], statistics: { clock: 1 } }));
    expect(changed).toBe(digest({ answers: [1], statistics: { clock: 2 } }));
    expect(changed).not.toBe(known);
  });
});
