import { describe, expect, it } from "vitest";
import { reportSystem } from "../../properties/contiguity/report-system.js";
import { expectExhausted, expectKilled, isSeenToFail } from "./judge.js";

describe("every address space of a few pieces", () => {
  it.each(reportSystem.scopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    expectExhausted(reportSystem, scope);
  });
});

describe("each rule of the report is needed", () => {
  it.each(reportSystem.mutants.map((mutant) => [`${mutant.id}: ${mutant.rule}`, mutant] as const))(
    "%s",
    (_, mutant) => {
      expectKilled(reportSystem, mutant);
    },
  );
});

describe("each claim is seen to fail", () => {
  it.each(reportSystem.invariants.map(({ id, name }) => [id, name]))("%s %s", (id) => {
    expect(isSeenToFail(reportSystem, id)).toBe(true);
  });
});
