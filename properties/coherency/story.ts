/** A path through the explored machine, told: which message moved, and what became of the copies. */
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { PENDING_NONE } from "../../impl/coherency/layout.js";
import { pendingIn, stateIn } from "../../impl/coherency/vector-layout.js";
import type { Channel } from "../../model/coherency/state.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Message, Operation } from "../../vocabulary/coherency/operations.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import { describeOperation, operationOf } from "./actions.js";
import { meaningOf } from "./meaning.js";

export interface StoryStep {
  readonly number: number;
  /** Such as `K0 write` or `K1 to K0: Nack (writing)`. */
  readonly says: string;
  /** Every kernel's copy after the step; a star where an access is pending. */
  readonly copies: readonly string[];
}

/** @throws Error naming the first step that is not enabled */
export function storyOf(configuration: Configuration, path: readonly number[]): StoryStep[] {
  const machine = new ExploredCluster(configuration);
  machine.initialise();
  return path.map((action, index) => {
    if (!machine.enabled(action)) throw new Error(`step ${index + 1}: action ${action} is not enabled`);
    const says = sentence(machine, operationOf(machine, action));
    machine.perform(action);
    return { number: index + 1, says, copies: copiesOf(machine) };
  });
}

function sentence(machine: ExploredCluster, operation: Operation): string {
  if (operation.kind !== "request" && operation.kind !== "answer") return describeOperation(operation);
  machine.load();
  const channel = meaningOf(machine.cluster).channels[operation.from]![operation.to]!;
  return `K${operation.from} to K${operation.to}: ${messageName(channel, operation.kind)}`;
}

function messageName(channel: Channel, kind: "request" | "answer"): string {
  if (kind === "request") return channel.request;
  return channel.answer === "none" ? "none" : answerName(channel.answer);
}

function answerName(answer: Message): string {
  if (answer.kind === "Copy") return `Copy (${answer.freshness})`;
  if (answer.kind === "CopyVoid") return `CopyVoid (${answer.reason})`;
  return "writing" in answer && answer.writing ? `${answer.kind} (writing)` : answer.kind;
}

function copiesOf(machine: ExploredCluster): string[] {
  return Array.from({ length: machine.cluster.kernels }, (_, kernel) => {
    const name = COPY_STATES[stateIn(machine.words, kernel)]!;
    return pendingIn(machine.words, kernel) === PENDING_NONE ? name : `${name}*`;
  });
}
