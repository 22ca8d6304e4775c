/** A group's page under the coherency protocol: the reference of coherency, entered and left by the threads' accesses. */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import type { Outcome, Operation as ProtocolStep } from "../../vocabulary/coherency/operations.js";
import { MULTICAST, PROFILES, type Rules } from "../../vocabulary/coherency/rules.js";
import type { Instance } from "../../vocabulary/migration/instance.js";
import { type State as Copies, initial, withCopy } from "../coherency/state.js";
import { apply, operations } from "../coherency/step.js";

export interface CopiesStep {
  readonly copies: Copies;
  readonly outcome: Outcome;
  /** Messages that the step sent. */
  readonly sent: number;
}

/** The protocol of one page. */
function configurationOf(instance: Instance): Configuration {
  const { kernels, channels, profile, exit = "atomic", ownerHint = false, multicast = false } = instance;
  const rules: Rules = { ...PROFILES[profile], ownerHint, multicast: multicast ? MULTICAST : "off" };
  return configuration({ kernels, channels, exit, rules });
}

/**
 * The copies of a page when replication begins (M5): a page in use is NotReplicated where the group has lived so far;
 * all other copies are Unmapped.
 */
export function firstCopies(instance: Instance, kernel: number, use: "none" | "read" | "written"): Copies {
  const unmapped = initial(configurationOf(instance));
  if (use === "none") return unmapped;
  return { ...withCopy(unmapped, kernel, { state: "NotReplicated", data: "fresh" }), written: use === "written" };
}

/** Everything that can happen to the copies, accesses included. */
export function stepsOf(instance: Instance, copies: Copies): readonly ProtocolStep[] {
  return [...operations(configurationOf(instance), copies)];
}

export function takeStep(instance: Instance, copies: Copies, step: ProtocolStep): CopiesStep {
  const { state, outcome } = apply(configurationOf(instance), copies, step);
  const delivered = step.kind === "request" || step.kind === "answer" ? 1 : 0;
  return { copies: state, outcome, sent: inFlight(state) - inFlight(copies) + delivered };
}

/** Whether a kernel's copy permits the access without the protocol. */
export function permits(copies: Copies, kernel: number, access: "read" | "write"): boolean {
  const { state, pending } = copies.copies[kernel]!;
  if (pending !== "none") return false;
  const isExclusive = state === "Modified" || (state === "NotReplicated" && (access === "read" || copies.written));
  return isExclusive || (state === "Shared" && access === "read");
}

/** Requests that were received and wait for their answer are not in flight. */
function inFlight({ channels }: Copies): number {
  return channels.flat().reduce((count, { request, answer }) => {
    const isSent = request === "Fetch" || request === "FetchWrite" || request === "Invalid";
    return count + (isSent ? 1 : 0) + (answer === "none" ? 0 : 1);
  }, 0);
}
