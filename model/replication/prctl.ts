/** The six prctl calls (D28). */
import type { ControlOperation } from "../../vocabulary/replication/operations.js";
import { disable } from "./disable.js";
import { enable } from "./enable.js";
import { flush } from "./shootdown.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { caller, changeSpace, isReplicated, spaceAt } from "./who.js";

type Call<Kind> = Extract<ControlOperation, { kind: Kind }>;

interface Target {
  readonly pid: number;
  readonly slot: number;
}

/** pid 0 = the caller; undefined = no such process. */
function lookup(state: State, cpu: number, pid: number): Target | undefined {
  const wanted = pid === 0 ? caller(state, cpu).pid : pid;
  const process = state.processes[wanted];
  return process === undefined ? undefined : { pid: wanted, slot: process.space };
}

export function setReplication(state: State, { cpu, mask, pid }: Call<"setReplication">): Step {
  const { onlineNodes } = state.geometry;
  const target = lookup(state, cpu, pid);
  if (target === undefined) return refused(state, "ESRCH");
  if (target.pid === 1 && caller(state, cpu).pid === 1) return refused(state, "EINVAL"); // W43
  if (mask === 0) return done(disable(state, target.slot));
  if (onlineNodes.length < 2) return refused(state, "EINVAL");
  const nodes = mask === 1 ? onlineNodes : bitsOf(mask % 256);
  const replicated = isReplicated(spaceAt(state, target.slot));
  const step = enable(state, target.slot, nodes, target.pid);
  const succeeded = step.outcome.kind === "ok" && !replicated;
  return succeeded ? { ...step, state: flush(step.state, target.slot, cpu) } : step;
}

function bitsOf(mask: number): readonly number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => Math.floor(mask / 2 ** bit) % 2 === 1);
}

export function getReplication(state: State, { cpu }: Call<"getReplication">): Step {
  const { nodes } = caller(state, cpu).space;
  return done(
    state,
    nodes.reduce((mask, node) => mask + 2 ** node, 0),
  );
}

export function setCacheOnly(state: State, { cpu, value, pid }: Call<"setCacheOnly">): Step {
  const target = lookup(state, cpu, pid);
  if (target === undefined) return refused(state, "ESRCH");
  if (value !== 0 && value !== 1) return refused(state, "EINVAL");
  if (value === 1 && isReplicated(spaceAt(state, target.slot))) return refused(state, "EBUSY");
  return done(changeSpace(state, target.slot, { cacheOnly: value === 1 }));
}

export function getCacheOnly(state: State, { cpu, pid }: Call<"getCacheOnly">): Step {
  const target = lookup(state, cpu, pid);
  if (target === undefined) return refused(state, "ESRCH");
  return done(state, spaceAt(state, target.slot).cacheOnly ? 1 : 0);
}

export function setSteering(state: State, { cpu, vector, pid }: Call<"setSteering">): Step {
  if (vector === "null") return refused(state, "EINVAL");
  if (vector === "fault") return refused(state, "EFAULT");
  if (vector.some((entry) => !Number.isInteger(entry) || entry < -1 || entry > 7)) return refused(state, "EINVAL");
  const target = lookup(state, cpu, pid);
  if (target === undefined) return refused(state, "ESRCH");
  const { nodes } = spaceAt(state, target.slot);
  // I20: what is not replicated has no copies to steer to.
  if (nodes.length === 0 || vector.some((entry) => entry >= 0 && !nodes.includes(entry)))
    return refused(state, "EINVAL");
  return done(changeSpace(state, target.slot, { steering: [...vector] }));
}

export function getSteering(state: State, { cpu, vector, pid }: Call<"getSteering">): Step {
  if (vector === "null") return refused(state, "EINVAL");
  const target = lookup(state, cpu, pid);
  if (target === undefined) return refused(state, "ESRCH");
  if (vector === "fault") return refused(state, "EFAULT");
  return { state, outcome: { kind: "steering", vector: spaceAt(state, target.slot).steering } };
}
