/** The owner's hint (paper, 5.2): a fetch from Invalid asks the remembered owner first, and alone. */
import { expect, it } from "vitest";
import { explore } from "../../explore/explore.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { agreementChecks } from "../../properties/coherency/agreement.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";

const hinted = (profile: "normative" | "lean", kernels: number) =>
  configuration({ kernels, channels: "unordered", rules: { ...PROFILES[profile], ownerHint: true } });

it.each([
  { profile: "normative", states: 338, transitions: 624, depth: 16 },
  { profile: "lean", states: 388, transitions: 720, depth: 20 },
] as const)("changes nothing with two kernels, where the owner is everybody: $profile", ({ profile, ...counts }) => {
  const scope = hinted(profile, 2);
  const machine = new ExploredCluster(scope);
  expect(searchCoherency(scope, { progress: true })).toMatchObject({ verdict: "held", exhausted: true, ...counts });
  expect(explore(machine, agreementChecks(machine), { store: "full" })).toMatchObject({ verdict: "held", inStep: 1 });
});

it("is asked of one kernel only, with three: both twins agree on every step of the first 20,000 states", () => {
  const machine = new ExploredCluster(hinted("lean", 3));
  const found = explore(machine, agreementChecks(machine), { store: "full", states: 20_000 });
  expect(found).toMatchObject({ verdict: "unfinished", violations: [], inStep: 1 });
});

it("deadlocks the normative protocol with three kernels, and leaves the lean one right (modulo renaming)", () => {
  const inOrder = (profile: "normative" | "lean") => ({ ...hinted(profile, 3), channels: "fifo" as const });
  const normative = searchCoherency(inOrder("normative"), { symmetry: "on" });
  expect(normative.violations).toMatchObject([
    { invariant: "P8 noDeadlock", witness: "pending for ever: K1 in WRead, K2 in WPend2" },
  ]);
  expect(normative.violations[0]!.path).toHaveLength(36);
  const lean = searchCoherency(inOrder("lean"), { symmetry: "on" });
  expect(lean).toMatchObject({ verdict: "held", exhausted: true, states: 141_191, transitions: 430_681, depth: 98 });
});
