import { describe, it } from "vitest";
import { coherencyScopes } from "../../properties/coherency/scopes.js";
import { expectCountsAndClaims, expectReferenceInStep, expectSymmetricCounts } from "./expect-scope.js";

const long = coherencyScopes.filter(({ effort }) => effort === "long");

describe.each(long)("$name", (scope) => {
  it("has the pinned space, and breaks just the claims that are known to break", () => expectCountsAndClaims(scope));
  it("has the pinned quotient by renaming of kernels", () => expectSymmetricCounts(scope));
});

describe.each(long.filter(({ profile }) => profile === "normative" || profile === "lean"))("$name", (scope) => {
  it("walks in step with the reference on every transition", () => expectReferenceInStep(scope));
});
