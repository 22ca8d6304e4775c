/**
 * The explored machine remembers what single engines do; whole engines with channels between them, made anew for each
 * step, do the same. Also where the protocol is broken: no rule left out makes a step endless, or change what it does not tell.
 */
import { describe, expect, it } from "vitest";
import { explore } from "../../explore/explore.js";
import { Cluster } from "../../impl/coherency/cluster.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import * as at from "../../impl/coherency/layout.js";
import { COPY_VOID, REASON_UNMAPPED } from "../../impl/coherency/outbox.js";
import { OUTCOME_ASKED_NOBODY } from "../../impl/coherency/outcome.js";
import { initial, withChannel, withCopy } from "../../model/coherency/state.js";
import { apply } from "../../model/coherency/step.js";
import { configurationOf, MUTANT_MODES } from "../../properties/coherency/mutant-hunt.js";
import { coherencyMutants } from "../../properties/coherency/mutants.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import { type Configuration, configuration } from "../../vocabulary/coherency/configuration.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";
import { sameAsWhole } from "./same-as-whole.js";

function walkBoth(scope: Configuration, states = 10_000) {
  const machine = new ExploredCluster(scope);
  return explore(machine, { steps: [sameAsWhole(machine)] }, { store: "full", states });
}

describe("steps of single engines are those of whole clusters, two kernels", () => {
  it.each(
    MUTANT_MODES.flatMap((mode) =>
      (["normative", "lean", "literal"] as const).map((profile) => ({ ...mode, profile })),
    ),
  )("$channels $exit $profile", (mode) => {
    const found = walkBoth(configuration({ ...mode, kernels: 2, rules: PROFILES[mode.profile] }));
    expect(found.verdict).toBe("held");
    expect(found.transitions).toBeGreaterThan(200);
  });

  // Nothing stops these searches where a claim breaks: they go on into what no protocol should reach.
  it.each(MUTANT_MODES)("whatever rule is left out, first 200 states: $channels $exit", (mode) => {
    for (const mutant of coherencyMutants) {
      const { violations } = walkBoth(configurationOf(mutant, 2, mode), 200);
      expect(violations, mutant.id).toEqual([]);
    }
  });
});

describe("a kernel that knows nobody to ask is stuck, and said to be", () => {
  const askersUnknown = coherencyMutants.find(({ id }) => id === "multicast-askers-unknown")!;

  it.each([
    ["fifo", "atomic", "P8 noDeadlock", 10],
    ["fifo", "delayed", "P9 accessCanComplete K0", 9],
    ["unordered", "atomic", "P8 noDeadlock", 10],
    ["unordered", "delayed", "P9 accessCanComplete K0", 8],
  ] as const)(
    "where nothing but deadlock and progress is judged: %s, %s: %s after %i",
    (channels, exit, name, steps) => {
      const scope = configurationOf(askersUnknown, 2, { channels, exit });
      const { violations } = searchCoherency(scope, { claims: ["P8"], progress: true });
      expect(violations.map(({ invariant, path }) => [invariant, path.length])).toEqual([[name, steps]]);
    },
  );

  it("in both twins, where the last answer comes from one who does not use the page", () => {
    const scope = configuration({ kernels: 2, exit: "atomic", rules: { ...PROFILES.lean, multicast: MULTICAST } });
    const cluster = new Cluster(scope);
    cluster.live[cluster.copy(0) + at.STATE] = at.INV_READ_1;
    cluster.live[cluster.copy(0) + at.PENDING] = at.PENDING_READ;
    cluster.channels.setAnswer(cluster.channels.pair(1, 0), COPY_VOID, REASON_UNMAPPED);
    expect(cluster.deliverAnswer(1, 0, 0)).toBe(OUTCOME_ASKED_NOBODY);
    expect(cluster.live[cluster.copy(0) + at.STATE]).toBe(at.INV_READ_1);

    const fetching = withCopy(initial(scope), 0, { state: "InvRead1", pending: "read" });
    const answered = withChannel(fetching, 1, 0, { answer: { kind: "CopyVoid", reason: "unmapped" } });
    const step = apply(scope, answered, { kind: "answer", from: 1, to: 0, draw: 0 });
    expect(step.outcome).toMatchObject({ askedNobody: true, completed: false });
    expect(step.state.copies[0]).toMatchObject({ state: "InvRead1", pending: "read" });
  });
});
