import { describe, expect, it } from "vitest";
import { coherencyScopes } from "../../properties/coherency/scopes.js";
import { expectCountsAndClaims, expectReferenceInStep, expectSymmetricCounts } from "./expect-scope.js";

const quick = coherencyScopes.filter(({ effort }) => effort === "quick");

describe.each(quick)("$name", (scope) => {
  it("has the pinned space, and breaks just the claims that are known to break", () => expectCountsAndClaims(scope));
  it("has the pinned quotient by renaming of kernels", () => expectSymmetricCounts(scope));
});

describe.each(quick.filter(({ profile }) => profile !== "literal"))("$name", (scope) => {
  it("walks in step with the reference on every transition", () => expectReferenceInStep(scope));
});

it("holds as printed with two kernels, FIFO and atomic exit, and in no other mode", () => {
  const whole = coherencyScopes.filter(
    ({ profile, broken }) => profile === "literal" && Object.keys(broken).length === 0,
  );
  expect(whole.map(({ name }) => name)).toEqual(["literal-2-fifo-atomic"]);
});
