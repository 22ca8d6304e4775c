/** Each step of the explored machine once more, by whole engines with channels between them that are made for it. */
import type { StepInvariant } from "../../explore/machine.js";
import { type Cluster, OUTCOME_LOST_UPDATE } from "../../impl/coherency/cluster.js";
import { ANSWER, type ExploredCluster, READ, REQUEST, RETRY, WRITE } from "../../impl/coherency/exploration.js";
import { pack, unpack } from "../../impl/coherency/explored-vector.js";

/** Lets an action of the machine happen in the machine's cluster. @returns outcome bits */
function takeWhole(machine: ExploredCluster, whole: Cluster, action: number): number {
  const [kernel, sender, draw] = [machine.kernels[action]!, machine.senders[action]!, machine.draws[action]!];
  const kind = machine.kinds[action]!;
  if (kind === READ) return whole.read(kernel);
  if (kind === WRITE) return whole.write(kernel, draw);
  if (kind === RETRY) return whole.retry(kernel, draw);
  if (kind === REQUEST) return whole.deliverRequest(sender, kernel, draw);
  if (kind === ANSWER) return whole.deliverAnswer(sender, kernel, draw);
  return whole.exit(kernel, draw);
}

/** After each step of the machine: the same one taken by the whole cluster. */
export function sameAsWhole(machine: ExploredCluster): StepInvariant {
  const whole = machine.cluster;
  const vector = new Int32Array(machine.stateWords);
  const before = new Int32Array(machine.stateWords);
  return {
    name: "sameAsWholeCluster",
    violation(base, action) {
      before.set(base.subarray(0, machine.stateWords));
      unpack(before, whole);
      const outcome = takeWhole(machine, whole, action);
      pack(whole, vector);
      // After a lost update it is open what was written last.
      const isOpen = (outcome & OUTCOME_LOST_UPDATE) !== 0;
      const same = isOpen || vector.every((word, position) => word === machine.words[position]);
      if (same && outcome === machine.outcome) return undefined;
      return `${[...vector]}, ${outcome}: expected ${[...machine.words]}`;
    },
  };
}
