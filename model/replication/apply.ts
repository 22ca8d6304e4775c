/**
 * The reference: what each operation does to the state and what it answers, as docs/replication.md says it.
 *
 * Left out, because one operation is one step here: locks, half-written rings, the order of stores. No frame numbers of
 * tables either: see state.ts.
 */
import { match } from "ts-pattern";
import { PagetwinError } from "../../vocabulary/errors.js";
import type {
  ControlOperation,
  EntryOperation,
  HardwareOperation,
  MemoryOperation,
  Operation,
  ProcessOperation,
  ReplicationOperation,
} from "../../vocabulary/replication/operations.js";
import { alias } from "./alias.js";
import { count, countAtLevel } from "./counters.js";
import { disableCall } from "./disable.js";
import { enableCall, enableExternal, initialise } from "./enable.js";
import { age, clean, moveFinish, moveStart, read } from "./entry-operations.js";
import {
  isControlOperation,
  isEntryOperation,
  isHardwareOperation,
  isMemoryOperation,
  isProcessOperation,
  isReplicationOperation,
} from "./families.js";
import { fork } from "./fork.js";
import { refusal } from "./guards.js";
import { collapse, split } from "./large.js";
import { clone, exec, exit, spawn } from "./lifecycle.js";
import { map } from "./map.js";
import { getCacheOnly, getReplication, getSteering, setCacheOnly, setReplication, setSteering } from "./prctl.js";
import { procText } from "./proc-text/proc-text.js";
import { writeProc } from "./proc-write.js";
import { protect } from "./protect.js";
import { remap } from "./remap.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { switchTo } from "./switch.js";
import { touch } from "./touch.js";
import { discard, unmap } from "./unmap.js";
import { caller, changeCpu, changeSpace, slotsInUse, spaceAt } from "./who.js";

/** Whether the operation may be asked for in this state (D1). */
export function enabled(state: State, operation: Operation): boolean {
  return refusal(state, operation) === undefined;
}

/**
 * Does one operation.
 * @throws PagetwinError `ARGUMENT` or `NOT_ENABLED` for an operation that is not enabled
 */
export function apply(state: State, operation: Operation): Step {
  const against = refusal(state, operation);
  if (against !== undefined) throw new PagetwinError(against.code, against.message);
  return applyEnabled(state, operation);
}

/** Does one operation that is known to be {@link enabled}. */
export function applyEnabled(state: State, operation: Operation): Step {
  return match(operation)
    .when(isMemoryOperation, (each) => memoryStep(state, each))
    .when(isControlOperation, (each) => controlStep(state, each))
    .when(isEntryOperation, (each) => entryStep(state, each))
    .when(isProcessOperation, (each) => processStep(state, each))
    .when(isReplicationOperation, (each) => replicationStep(state, each))
    .when(isHardwareOperation, (each) => hardwareStep(state, each))
    .exhaustive();
}

function memoryStep(state: State, operation: MemoryOperation): Step {
  return match(operation)
    .with({ kind: "touch" }, (each) => touch(state, each))
    .with({ kind: "map" }, (each) => map(state, each))
    .with({ kind: "unmap" }, (each) => unmap(state, each))
    .with({ kind: "protect" }, (each) => protect(state, each))
    .with({ kind: "discard" }, (each) => discard(state, each))
    .with({ kind: "remap" }, (each) => remap(state, each))
    .with({ kind: "alias" }, (each) => alias(state, each))
    .with({ kind: "policy" }, (each) => policy(state, each))
    .exhaustive();
}

function entryStep(state: State, operation: EntryOperation): Step {
  return match(operation)
    .with({ kind: "read" }, (each) => read(state, each))
    .with({ kind: "age" }, (each) => age(state, each))
    .with({ kind: "clean" }, (each) => clean(state, each))
    .with({ kind: "moveStart" }, (each) => moveStart(state, each))
    .with({ kind: "moveFinish" }, (each) => moveFinish(state, each))
    .with({ kind: "split" }, (each) => split(state, each))
    .with({ kind: "collapse" }, (each) => collapse(state, each))
    .exhaustive();
}

function processStep(state: State, operation: ProcessOperation): Step {
  return match(operation)
    .with({ kind: "switch" }, (each) => switchTo(state, each))
    .with({ kind: "spawn" }, (each) => spawn(state, each))
    .with({ kind: "fork" }, (each) => fork(state, each))
    .with({ kind: "clone" }, (each) => clone(state, each))
    .with({ kind: "exec" }, (each) => exec(state, each))
    .with({ kind: "exit" }, (each) => exit(state, each))
    .exhaustive();
}

function replicationStep(state: State, operation: ReplicationOperation): Step {
  return match(operation)
    .with({ kind: "enable" }, (each) => enableCall(state, each))
    .with({ kind: "disable" }, (each) => disableCall(state, each))
    .with({ kind: "enableExternal" }, (each) => enableExternal(state, each))
    .with({ kind: "initialise" }, (each) => initialise(state, each))
    .exhaustive();
}

function controlStep(state: State, operation: ControlOperation): Step {
  return match(operation)
    .with({ kind: "setReplication" }, (each) => setReplication(state, each))
    .with({ kind: "getReplication" }, (each) => getReplication(state, each))
    .with({ kind: "setSteering" }, (each) => setSteering(state, each))
    .with({ kind: "getSteering" }, (each) => getSteering(state, each))
    .with({ kind: "setCacheOnly" }, (each) => setCacheOnly(state, each))
    .with({ kind: "getCacheOnly" }, (each) => getCacheOnly(state, each))
    .with({ kind: "readProc" }, ({ file }) => ({
      state,
      outcome: { kind: "text" as const, text: procText(state, file) },
    }))
    .with({ kind: "writeProc" }, (each) => writeProc(state, each))
    .with({ kind: "advance" }, ({ milliseconds }) => done(count(state, "clock", milliseconds)))
    .exhaustive();
}

function hardwareStep(state: State, operation: HardwareOperation): Step {
  return match(operation)
    .with({ kind: "flush" }, ({ cpu }) => done(changeCpu(state, cpu, { tlb: {}, walks: {} })))
    .with({ kind: "kernelEntry" }, (each) => kernelEntry(state, each))
    .exhaustive();
}

/** Where data is preferred; -1 = where it is touched. Neither tables nor enable look at it (W30). */
function policy(state: State, { cpu, node }: Extract<MemoryOperation, { kind: "policy" }>): Step {
  if (node !== -1 && !state.geometry.onlineNodes.includes(node)) return refused(state, "EINVAL");
  return done(changeSpace(state, caller(state, cpu).slot, { policy: node }));
}

/** The same value in every root table (I8); one set or clear for each root that has a ring (W35). */
function kernelEntry(state: State, { index, value }: Extract<HardwareOperation, { kind: "kernelEntry" }>): Step {
  const written: State = { ...state, kernel: state.kernel.map((each, i) => (i === index ? value : each)) };
  const roots = slotsInUse(state).map((slot) => spaceAt(state, slot).root);
  return done(roots.reduce<State>((now, root) => countAtLevel(now, value === 0 ? "clears" : "sets", root), written));
}
