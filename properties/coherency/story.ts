/** A path through the explored machine, told: which message moved, and what became of the copies. */
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { isWriting, PENDING_NONE } from "../../impl/coherency/layout.js";
import { pendingIn, rankIn, stateIn } from "../../impl/coherency/vector-layout.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Operation } from "../../vocabulary/coherency/operations.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import { operationOf } from "./actions.js";
import { meaningOf } from "./meaning.js";
import { inFlight, messageName } from "./telling.js";

export interface StoryStep {
  readonly number: number;
  /** Such as `K0 write` or `K1 to K0: Nack (writing)`. */
  readonly says: string;
  /** Every kernel's copy after the step; a star where an access is pending. */
  readonly copies: readonly string[];
  /** The place of every kernel's time stamp after the step, 1 = the oldest; 0 = it has none. */
  readonly stamps: readonly number[];
}

/** @throws Error naming the first step that is not enabled */
export function storyOf(configuration: Configuration, path: readonly number[]): StoryStep[] {
  const machine = new ExploredCluster(configuration);
  machine.initialise();
  return path.map((action, index) => {
    if (!machine.enabled(action)) throw new Error(`step ${index + 1}: action ${action} is not enabled`);
    const says = sentence(machine, operationOf(machine, action));
    machine.perform(action);
    return { number: index + 1, says, copies: copiesOf(machine), stamps: stampsOf(machine) };
  });
}

function sentence(machine: ExploredCluster, operation: Operation): string {
  if (!("from" in operation)) return `K${operation.kernel} ${operation.kind}`;
  machine.load();
  const { cluster } = machine;
  const { request, answer } = meaningOf(cluster).channels[operation.from]![operation.to]!;
  const message = operation.kind === "request" ? inFlight(request) : answer;
  const says = message === "none" ? message : messageName(message, cluster.configuration.rules.voidReasons !== "none");
  return `K${operation.from} to K${operation.to}: ${says}`;
}

function copiesOf(machine: ExploredCluster): string[] {
  return Array.from({ length: machine.cluster.kernels }, (_, kernel) => {
    const name = COPY_STATES[stateIn(machine.words, kernel)]!;
    return pendingIn(machine.words, kernel) === PENDING_NONE ? name : `${name}*`;
  });
}

function stampsOf({ words, cluster }: ExploredCluster): number[] {
  return Array.from({ length: cluster.kernels }, (_, kernel) =>
    isWriting(stateIn(words, kernel)) ? rankIn(words, kernel) : 0,
  );
}
