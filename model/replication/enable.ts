/** Switching replication on (D26), and the initialise call that does nothing. */
import type { ReplicationOperation } from "../../vocabulary/replication/operations.js";
import { count } from "./counters.js";
import { AUTO_STEERING, NO_NAME } from "./initial.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { giveRing } from "./tables.js";
import { tables } from "./tree.js";
import { caller, changeSpace, isReplicated, spaceAt } from "./who.js";

export function initialise(state: State, { pid }: Extract<ReplicationOperation, { kind: "initialise" }>): Step {
  if (pid === null) return refused(state, "EINVAL");
  const process = state.processes[pid];
  return process !== undefined && isReplicated(spaceAt(state, process.space))
    ? refused(state, "EALREADY")
    : done(state);
}

export function enableCall(state: State, operation: Extract<ReplicationOperation, { kind: "enable" }>): Step {
  const { cpu, pid, nodes } = operation;
  const process = pid === null ? undefined : state.processes[pid];
  if (process === undefined) return refused(state, "EINVAL"); // null, or the kernel's own
  return enable(state, process.space, nodes, caller(state, cpu).pid);
}

export function enableExternal(
  state: State,
  { pid, nodes }: Extract<ReplicationOperation, { kind: "enableExternal" }>,
): Step {
  if (pid === 0) return refused(state, "EINVAL"); // a kernel thread has no address space
  const process = state.processes[pid];
  return process === undefined ? refused(state, "ESRCH") : enable(state, process.space, nodes, pid);
}

/** Switches replication on for the space in this slot; `owner` is the pid that the session will name. */
export function enable(state: State, slot: number, nodes: readonly number[], owner: number): Step {
  const { onlineNodes, isolation = false } = state.geometry;
  if (isolation) return refused(state, "EINVAL"); // W17
  if (nodes.length < 2 || nodes.some((node) => !onlineNodes.includes(node))) return refused(state, "EINVAL");
  const space = spaceAt(state, slot);
  if (isReplicated(space)) return sameSet(space.nodes, nodes) ? done(state) : refused(state, "EALREADY");

  const set = onlineNodes.filter((node) => nodes.includes(node) || node === space.home);
  let now = state;
  for (const { page, table } of tables(state.geometry, space)) {
    const given = giveRing(now, slot, { page, level: table.level }, set);
    if (!given.enough) return refused(count(state, "enableFailures"), "ENOMEM"); // W32: nothing else has happened
    now = given.state;
  }
  const replicated = changeSpace(now, slot, { nodes: set, steering: AUTO_STEERING }); // W16
  return done(withSession(replicated, slot, owner)); // W44: no CPU is moved
}

export function sameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}

function withSession(state: State, slot: number, pid: number): State {
  const { statistics } = state;
  const ours = statistics.spaces[slot];
  const process = state.processes[pid];
  if (ours === undefined || process === undefined) return state;
  const name = statistics.names[pid] ?? NO_NAME;
  const session = { start: statistics.clock, pid, tgid: process.tgid, comm: name.comm, cmdline: name.cmdline };
  return { ...state, statistics: { ...statistics, spaces: { ...statistics.spaces, [slot]: { ...ours, session } } } };
}
