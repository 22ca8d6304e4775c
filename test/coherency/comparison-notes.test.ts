import { expect, it } from "vitest";
import { comparisonNotes } from "../../cli/comparison-notes.js";
import { commandLine } from "./command-line.js";

const { check } = commandLine();

it.each([
  [1, []],
  [0.5, ["answers and meanings are compared on 50 % of the transitions"]],
  [0.58349, ["answers and meanings are compared on 58.3 % of the transitions"]],
  [0.99999, ["answers and meanings are compared on 99.9 % of the transitions"]],
  [0, ["judged by the claims alone: the reference knows the profiles, with free stamps and no budgets"]],
])(
  "the share of transitions with the reference in step is told, never rounded up to the whole: %d",
  (inStep, notes) => {
    expect(comparisonNotes("off", inStep, { limit: null })).toEqual(notes);
  },
);

it("why there is no reference is told: modulo renaming, or no time", () => {
  const modulo = "counts are modulo renaming of kernels; P9, which is each kernel's, is not judged";
  expect(comparisonNotes("on", 0, { limit: null })).toEqual([modulo]);
  const late = "judged by the claims alone: no time was left for the reference";
  expect(comparisonNotes("off", 0, { limit: "time" })).toEqual([late]);
});

it("stands with the result of a check", async () => {
  const notesOf = async (flags: string) => JSON.parse((await check(flags)).out).results[0].notes;
  expect(await notesOf("--kernels 2")).toBeUndefined();
  expect(await notesOf("--kernels 2 --stamps perfect")).toEqual(comparisonNotes("off", 0, { limit: null }));
  expect(await notesOf("--kernels 2 --symmetry on")).toEqual(comparisonNotes("on", 0, { limit: null }));
});
