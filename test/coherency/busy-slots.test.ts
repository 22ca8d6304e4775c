/** P7: no channel slot is busy. Where one is, in situations that no protocol reaches, nothing else changes than is told. */
import { expect, it } from "vitest";
import type { Cluster } from "../../impl/coherency/cluster.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { pack, unpack } from "../../impl/coherency/explored-vector.js";
import * as at from "../../impl/coherency/layout.js";
import { ACK, COPY, COPY_VOID, FETCH, FETCH_WRITE } from "../../impl/coherency/outbox.js";
import { OUTCOME_UNSPECIFIED } from "../../impl/coherency/outcome.js";
import { MUTANT_MODES } from "../../properties/coherency/mutant-hunt.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";
import { numbers } from "./numbers.js";
import { sameAsWhole } from "./same-as-whole.js";

/** Puts messages that nobody has sent into some of the slots that are free. */
function disturb(cluster: Cluster, below: (bound: number) => number): void {
  const { channels, kernels, live } = cluster;
  for (let from = 0; from < kernels; from++) {
    for (let to = 0; to < kernels; to++) {
      if (from === to) continue;
      const pair = channels.pair(from, to);
      const receiver = cluster.copy(to);
      const held = live[receiver + at.HELD_FETCHES]! | live[receiver + at.HELD_FETCH_WRITES]!;
      if (channels.answer(pair) === 0 && below(3) === 0) {
        const kind = [COPY, COPY_VOID, ACK][below(3)]!;
        const group = cluster.hasGroups && kind !== ACK ? (1 << from) | below(1 << kernels) : 0;
        channels.setAnswer(pair, kind, kind === COPY ? cluster.latest : below(2), group);
      }
      if (channels.request(pair) === 0 && ((held >>> from) & 1) === 0 && below(3) === 0) {
        channels.setRequest(pair, [FETCH, FETCH_WRITE][below(2)]!, 0);
        channels.setAnswerFirst(pair, channels.isFifo && channels.answer(pair) !== 0);
      }
    }
  }
}

it.each(
  MUTANT_MODES.flatMap((mode) =>
    [2, 3].flatMap((kernels) => (["off", "on"] as const).map((multicast) => ({ ...mode, kernels, multicast }))),
  ),
)("a busy slot keeps what it has: $kernels kernels, $channels, $exit, multicast $multicast", (scope) => {
  const rules = { ...PROFILES.lean, multicast: scope.multicast === "on" ? MULTICAST : ("off" as const) };
  const machine = new ExploredCluster(configuration({ ...scope, rules }));
  const { words, cluster } = machine;
  const listed = new Uint32Array(machine.actionCount);
  const below = numbers(3);
  const same = sameAsWhole(machine);
  let busy = 0;
  machine.initialise();
  for (let step = 0; step < 200; step++) {
    const base = words.slice();
    unpack(words, cluster);
    disturb(cluster, below);
    pack(cluster, words);
    const disturbed = words.slice();
    for (const action of listed.slice(0, machine.listEnabled(listed))) {
      words.set(disturbed);
      machine.perform(action);
      if ((machine.outcome & OUTCOME_UNSPECIFIED) !== 0) busy++;
      expect(same.violation(disturbed, action)).toBeUndefined();
    }
    words.set(base);
    machine.perform(listed[below(machine.listEnabled(listed))]!);
  }
  expect(busy).toBeGreaterThan(100);
});
