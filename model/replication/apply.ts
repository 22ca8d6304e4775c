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
  is,
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
    .when(is("touch"), (each) => touch(state, each))
    .when(is("map"), (each) => map(state, each))
    .when(is("unmap"), (each) => unmap(state, each))
    .when(is("protect"), (each) => protect(state, each))
    .when(is("discard"), (each) => discard(state, each))
    .when(is("remap"), (each) => remap(state, each))
    .when(is("alias"), (each) => alias(state, each))
    .when(is("policy"), (each) => policy(state, each))
    .exhaustive();
}

function entryStep(state: State, operation: EntryOperation): Step {
  return match(operation)
    .when(is("read"), (each) => read(state, each))
    .when(is("age"), (each) => age(state, each))
    .when(is("clean"), (each) => clean(state, each))
    .when(is("moveStart"), (each) => moveStart(state, each))
    .when(is("moveFinish"), (each) => moveFinish(state, each))
    .when(is("split"), (each) => split(state, each))
    .when(is("collapse"), (each) => collapse(state, each))
    .exhaustive();
}

function processStep(state: State, operation: ProcessOperation): Step {
  return match(operation)
    .when(is("switch"), (each) => switchTo(state, each))
    .when(is("spawn"), (each) => spawn(state, each))
    .when(is("fork"), (each) => fork(state, each))
    .when(is("clone"), (each) => clone(state, each))
    .when(is("exec"), (each) => exec(state, each))
    .when(is("exit"), (each) => exit(state, each))
    .exhaustive();
}

function replicationStep(state: State, operation: ReplicationOperation): Step {
  return match(operation)
    .when(is("enable"), (each) => enableCall(state, each))
    .when(is("disable"), (each) => disableCall(state, each))
    .when(is("enableExternal"), (each) => enableExternal(state, each))
    .when(is("initialise"), (each) => initialise(state, each))
    .exhaustive();
}

function controlStep(state: State, operation: ControlOperation): Step {
  return match(operation)
    .when(is("setReplication"), (each) => setReplication(state, each))
    .when(is("getReplication"), (each) => getReplication(state, each))
    .when(is("setSteering"), (each) => setSteering(state, each))
    .when(is("getSteering"), (each) => getSteering(state, each))
    .when(is("setCacheOnly"), (each) => setCacheOnly(state, each))
    .when(is("getCacheOnly"), (each) => getCacheOnly(state, each))
    .when(is("readProc"), ({ file }) => ({
      state,
      outcome: { kind: "text" as const, text: procText(state, file) },
    }))
    .when(is("writeProc"), (each) => writeProc(state, each))
    .when(is("advance"), ({ milliseconds }) => done(count(state, "clock", milliseconds)))
    .exhaustive();
}

function hardwareStep(state: State, operation: HardwareOperation): Step {
  return match(operation)
    .when(is("flush"), ({ cpu }) => done(changeCpu(state, cpu, { tlb: {}, walks: {} })))
    .when(is("kernelEntry"), (each) => kernelEntry(state, each))
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
