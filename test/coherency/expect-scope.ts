/** What is expected of every scope, whatever its size. */
import { expect } from "vitest";
import { explore } from "../../explore/explore.js";
import type { StateInvariant } from "../../explore/machine.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { Symmetry } from "../../impl/coherency/symmetry.js";
import { agreementChecks } from "../../properties/coherency/agreement.js";
import type { CoherencyScope } from "../../properties/coherency/scopes.js";
import { checksOf, searchCoherency } from "../../properties/coherency/search.js";

/** The raw counts, and which claims break at which distance. */
export function expectCountsAndClaims(scope: CoherencyScope): void {
  const found = searchCoherency(scope.configuration, { collect: true, progress: true });
  const broken = Object.fromEntries(
    found.violations.map(({ invariant, path }) => [invariant.split(" ")[0]!, path.length] as const),
  );
  expect(found).toMatchObject({ ...scope.expected, store: "full", exhausted: true });
  expect(broken).toEqual(scope.broken);
}

/** Transitions on which the reference walks along at most; of larger spaces it takes a share. */
const IN_STEP_TRANSITIONS = 10_000_000;

export function expectReferenceInStep(scope: CoherencyScope): void {
  const machine = new ExploredCluster(scope.configuration);
  const share = Math.min(1, IN_STEP_TRANSITIONS / scope.expected.transitions);
  const found = explore(machine, agreementChecks(machine), { store: "full", inStep: share });
  expect(found.violations).toEqual([]);
  expect(found.verdict).toBe("held");
  expect(found.inStep).toBeCloseTo(share, 2);
}

/** The quotient has the pinned counts; unfolded again it has as many states as the raw space, and the same claims break. */
export function expectSymmetricCounts(scope: CoherencyScope): void {
  const machine = new ExploredCluster(scope.configuration, "on");
  const symmetry = new Symmetry(scope.configuration, false);
  let unfolded = 0;
  const unfold: StateInvariant = {
    name: "unfold",
    violation() {
      unfolded += symmetry.orbit(machine.words);
      return undefined;
    },
  };
  const claims = ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]; // accesses that start in a deadlock count: P8 would end there
  const checks = checksOf(machine, { claims });
  const found = explore(
    machine,
    { ...checks, always: [...checks.always!, unfold] },
    { store: "full", stopAtFirst: false },
  );
  const broken = Object.fromEntries(
    found.violations.map(({ invariant, path }) => [invariant.split(" ")[0]!, path.length] as const),
  );
  const { P8: _notJudged, ...expectedBroken } = scope.broken;
  expect(unfolded).toBe(scope.expected.states);
  expect(found.depth).toBe(scope.expected.depth);
  expect(broken).toEqual(expectedBroken);
  if (scope.expectedSymmetric !== undefined) expect(found).toMatchObject(scope.expectedSymmetric);
}
