/** Writing to the files in /proc/mitosis: each takes one number. */
import { match } from "ts-pattern";
import type { ControlOperation } from "../../vocabulary/replication/operations.js";
import { PROC_INPUT_MAX } from "../../vocabulary/replication/proc.js";
import { countAtNode } from "./counters.js";
import { freeTableFrames } from "./frames.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";

export function writeProc(state: State, { file, text }: Extract<ControlOperation, { kind: "writeProc" }>): Step {
  const number = parsed(text);
  if (number === undefined) return refused(state, "EINVAL");
  return match(file)
    .with("mode", () => done({ ...state, mode: number < 0 ? -1 : number > 0 ? 1 : 0 }))
    .with("inherit", () => done({ ...state, inherit: number > 0 ? 1 : -1 }))
    .with("history", () => (number === -1 ? done(withoutHistory(state)) : refused(state, "EINVAL")))
    .with("cache", () => writeCache(state, number))
    .with("status", "active", () => refused(state, "EINVAL"))
    .exhaustive();
}

/** W43: an optional sign and decimal digits, white space around them. */
function parsed(text: string): number | undefined {
  if (text.length > PROC_INPUT_MAX || !/^[ \t\n\v\f\r]*[+-]?[0-9]+[ \t\n\v\f\r]*$/.test(text)) return undefined;
  return Number(text);
}

/** Sequence numbers go on. */
function withoutHistory(state: State): State {
  return { ...state, statistics: { ...state.statistics, history: [] } };
}

function writeCache(state: State, number: number): Step {
  if (number === -1) return done({ ...state, cached: state.cached.map(() => 0) });
  if (number === -2) return done(withoutCacheCounts(state));
  return number > 0 ? done(populated(state, number)) : refused(state, "EINVAL");
}

function withoutCacheCounts(state: State): State {
  const zero = state.cached.map(() => 0);
  return { ...state, statistics: { ...state.statistics, cacheHits: zero, cacheMisses: zero, cacheReturns: zero } };
}

/** Each list is filled up to `length` pages as far as its node's zone reaches; every page is one return. */
function populated(state: State, length: number): State {
  let now = state;
  for (const node of state.geometry.onlineNodes) {
    const more = Math.max(0, Math.min(length - (now.cached[node] ?? 0), freeTableFrames(now, node)));
    const cached = now.cached.map((each, i) => (i === node ? each + more : each));
    now = countAtNode({ ...now, cached }, "cacheReturns", node, more);
  }
  return now;
}
