/**
 * The reference: what each operation does to the state and what it answers, as docs/replication.md says it.
 *
 * Left out, because one operation is one step here: locks, half-written rings, the order of stores. No frame numbers of
 * tables either: see state.ts.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import { alias } from "./alias.js";
import { count, countAtLevel } from "./counters.js";
import { disableCall } from "./disable.js";
import { enableCall, enableExternal, initialise } from "./enable.js";
import { age, clean, moveFinish, moveStart, read } from "./entry-operations.js";
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

type Of<Kind extends Operation["kind"]> = Extract<Operation, { readonly kind: Kind }>;

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
  const step: (state: State, operation: never) => Step = STEPS[operation.kind];
  return step(state, operation as never);
}

/** What each kind of operation does. */
const STEPS: { readonly [Kind in Operation["kind"]]: (state: State, operation: Of<Kind>) => Step } = {
  touch,
  map,
  unmap,
  protect,
  discard,
  remap,
  alias,
  policy,

  read,
  age,
  clean,
  moveStart,
  moveFinish,
  split,
  collapse,

  switch: switchTo,
  spawn,
  fork,
  clone,
  exec,
  exit,

  enable: enableCall,
  disable: disableCall,
  enableExternal,
  initialise,

  setReplication,
  getReplication,
  setSteering,
  getSteering,
  setCacheOnly,
  getCacheOnly,
  readProc: (state, { file }) => ({ state, outcome: { kind: "text", text: procText(state, file) } }),
  writeProc,
  advance: (state, { milliseconds }) => done(count(state, "clock", milliseconds)),

  flush: (state, { cpu }) => done(changeCpu(state, cpu, { tlb: {}, walks: {} })),
  kernelEntry,
};

/** Where data is preferred; -1 = where it is touched. Neither tables nor enable look at it (W30). */
function policy(state: State, { cpu, node }: Of<"policy">): Step {
  if (node !== -1 && !state.geometry.onlineNodes.includes(node)) return refused(state, "EINVAL");
  return done(changeSpace(state, caller(state, cpu).slot, { policy: node }));
}

/** The same value in every root table (I8); one set or clear for each root that has a ring (W35). */
function kernelEntry(state: State, { index, value }: Of<"kernelEntry">): Step {
  const written: State = { ...state, kernel: state.kernel.map((each, i) => (i === index ? value : each)) };
  const roots = slotsInUse(state).map((slot) => spaceAt(state, slot).root);
  return done(roots.reduce<State>((now, root) => countAtLevel(now, value === 0 ? "clears" : "sets", root), written));
}
