import { describe, expect, it } from "vitest";
import { huntCoherencyMutant, shortVerdict } from "../../properties/coherency/mutant-hunt.js";
import { coherencyMutants } from "../../properties/coherency/mutants.js";
import { mutantResults } from "./mutant-results.js";

it("knows the result of every mutant", () => {
  expect(Object.keys(mutantResults).sort()).toEqual(coherencyMutants.map(({ id }) => id).sort());
});

describe.each(coherencyMutants)("two kernels, without: $rule", (mutant) => {
  it("breaks as pinned in each mode", () => {
    expect(huntCoherencyMutant(mutant, 2).map(shortVerdict).join(" ")).toBe(mutantResults[mutant.id]!.split(" | ")[0]);
  });
});

it("kills every mutant in some mode, but nine that break nothing with up to three kernels", () => {
  const harmless = Object.keys(mutantResults).filter((id) => !/[GLP]\d/.test(mutantResults[id]!));
  expect(harmless).toEqual([
    "fetch-write-in-wpend2",
    "counters",
    "copy-from-wread",
    "lean-unflagged-nack",
    "lean-invalids-forgotten",
    "lean-fetch-in-writing",
    "hint-owner-again",
    "multicast-owner-not-void",
    "multicast-sender-told",
  ]);
});
