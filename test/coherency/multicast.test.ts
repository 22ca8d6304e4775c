/** Multicast groups (paper, 5.2): requests go to the known users of the page only, under M1 and M2. */
import { expect, it } from "vitest";
import { explore } from "../../explore/explore.js";
import { Cluster } from "../../impl/coherency/cluster.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { pack, unpack } from "../../impl/coherency/explored-vector.js";
import { agreementChecks } from "../../properties/coherency/agreement.js";
import { coherencyScopes } from "../../properties/coherency/scopes.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";

const rules = { ...PROFILES.lean, multicast: MULTICAST };

it("changes no count with two kernels, where the group is the other kernel: every mode, both twins in step", () => {
  for (const scope of coherencyScopes.filter((one) => one.profile === "lean" && one.configuration.kernels === 2)) {
    const grouped = { ...scope.configuration, rules };
    const found = searchCoherency(grouped, { progress: true });
    expect(found).toMatchObject({ verdict: "held", exhausted: true, ...scope.expected });
    const machine = new ExploredCluster(grouped);
    expect(explore(machine, agreementChecks(machine), { store: "full" })).toMatchObject({ verdict: "held", inStep: 1 });
  }
});

it("keeps P1 to P8 with three kernels, FIFO, atomic exit (modulo renaming)", () => {
  const found = searchCoherency(configuration({ kernels: 3, rules }), { symmetry: "on" });
  expect(found).toMatchObject({ verdict: "held", exhausted: true, states: 164_260, transitions: 497_074, depth: 101 });
});

it("has both twins in step on every transition of the first 6,000 states of three kernels", () => {
  const machine = new ExploredCluster(
    configuration({ kernels: 3, channels: "unordered", exit: "delayed", rules: { ...rules, ownerHint: true } }),
  );
  const found = explore(machine, agreementChecks(machine), { store: "full", states: 6_000 });
  expect(found).toMatchObject({ verdict: "unfinished", violations: [], inStep: 1 });
});

it.each([2, 3, 4, 5])(
  "keeps groups in the vector, which is read back and written again as it was: %i kernels",
  (kernels) => {
    const machine = new ExploredCluster(configuration({ kernels, channels: "unordered", exit: "delayed", rules }));
    const again = new Int32Array(machine.stateWords);
    const other = new Cluster(machine.cluster.configuration);
    machine.initialise();
    for (let step = 0, next = 0; step < 600; step++) {
      next = machine.nextEnabled((next + 7) % machine.actionCount);
      if (next === machine.actionCount) next = machine.nextEnabled(0);
      machine.perform(next);
      unpack(machine.words, other);
      pack(other, again);
      expect(again).toEqual(machine.words.subarray(0, machine.stateWords));
    }
  },
);
