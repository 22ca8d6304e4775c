/** A failing schedule as a counterexample, a step a turn; and such a counterexample run again. */
import { type Followed, follow } from "../../explore/interleave/follow.js";
import type { Failure, Row } from "../../explore/interleave/interleaving.js";
import { accessText } from "../../explore/interleave/schedule-text.js";
import type { AnyOperation, AnySystem } from "./any-system.js";
import type { Breach } from "./claims.js";
import {
  COUNTEREXAMPLE_KIND,
  COUNTEREXAMPLE_VERSION,
  type Counterexample,
  type CounterexampleStep,
  entitle,
  type Minimality,
} from "./counterexample.js";
import type { Change } from "./differences.js";
import { ENGINE_CLAIMS, type InterleavedScope, onlyClaims } from "./interleaved.js";
import type { Replayed } from "./replay.js";
import type { Plain } from "./system.js";

/** Most accesses of a turn that its text names. */
const TOLD = 6;

/** One turn of a thread: an access to a schedule point, with what rides along. */
interface Turn extends AnyOperation {
  readonly kind: "turn";
  readonly thread: number;
}

/** @param shared the words at the beginning */
export function tellSchedule(
  system: AnySystem,
  scope: InterleavedScope,
  without: string | undefined,
  failure: Failure,
  shared: Int32Array,
): Counterexample {
  const steps = stepsOf(failure, shared);
  const mutant = system.mutants.find(({ id }) => id === without);
  return entitle({
    kind: COUNTEREXAMPLE_KIND,
    version: COUNTEREXAMPLE_VERSION,
    system: system.name,
    engine: "interleave",
    mutant: mutant === undefined ? null : { id: mutant.id, rule: mutant.rule },
    scope: { name: scope.name, shape: {}, setup: [] },
    seed: null,
    minimality: minimalityOf(failure),
    actors: failure.threads.filter((_, thread) => failure.schedule.includes(thread)),
    initialState: { shared: [...shared] } as Plain,
    steps,
    violation: { ...breachOf(scope, failure), step: steps.length },
  });
}

/** Runs the document's turns again. */
export function replaySchedule(system: AnySystem, document: Counterexample): Replayed {
  const scope = system.interleaved?.find(({ name }) => name === document.scope.name);
  if (scope === undefined) return inapplicable(0, `${system.name} has no program ${document.scope.name}`);
  const stray = document.steps.find(({ operation }) => !isTurn(operation));
  if (stray !== undefined) return inapplicable(stray.number, `${stray.operation.kind} is no turn of a thread`);
  const schedule = document.steps.map(({ operation }) => (operation as Turn).thread);
  const found = again(scope, document, schedule);
  if (found.verdict === "held") return { verdict: "holds" };
  if (found.verdict === "inapplicable") return inapplicable(found.turn, found.why);
  return { verdict: "recurs", step: found.turns, breach: breachOf(scope, found.failure) };
}

/** Judged by the recorded claim first: another may break by the way, and earlier. */
function again(scope: InterleavedScope, { mutant, violation }: Counterexample, schedule: readonly number[]): Followed {
  const run = (claims: InterleavedScope["claims"]) => follow(scope.program(mutant?.id), claims, schedule);
  const found = run(onlyClaims(scope.claims, [violation.invariant]));
  return found.verdict === "held" ? run(scope.claims) : found;
}

function inapplicable(step: number, why: string): Replayed {
  return { verdict: "inapplicable", step, why };
}

function isTurn(operation: AnyOperation): operation is Turn {
  return operation.kind === "turn" && "thread" in operation && Number.isInteger(operation.thread);
}

function minimalityOf({ minimality }: Failure): Minimality {
  if (minimality === "1-minimal") return "1-minimal";
  return minimality === "as found" ? "as-found" : "shortest";
}

function breachOf({ claims }: InterleavedScope, { claim, witness }: Failure): Breach {
  const own = ENGINE_CLAIMS[claim];
  if (own !== undefined) return { invariant: own.id, name: claim, why: own.why, witness: [witness] };
  const { id, rules, why } = [...(claims.always ?? []), ...(claims.atEnd ?? [])].find(({ name }) => name === claim)!;
  const broken = rules?.find((rule) => witness.startsWith(`${rule}: `)) ?? id;
  return { invariant: broken, name: claim, why, witness: [witness] };
}

function stepsOf({ rows, schedule, threads }: Failure, shared: Int32Array): CounterexampleStep[] {
  const words = shared.slice();
  return schedule.map((thread, at) => {
    const turn = rows.filter((row) => row.turn === at + 1);
    const operation: Turn = { kind: "turn", thread };
    return {
      number: at + 1,
      actor: threads[thread]!,
      operation,
      says: `${turn[0]!.name}: ${accessesText(turn)}`,
      answer: answerOf(turn.at(-1)!),
      messages: [],
      changes: turn.flatMap((row) => changesOf(row, words)),
    };
  });
}

/** Of many accesses the turn itself, the first of those that write, and how many others there are. */
function accessesText(turn: readonly Row[]): string {
  const [first, ...riding] = turn;
  const writing = turn.length > TOLD ? riding.filter(({ written }) => written !== null) : riding;
  const told = [first!, ...writing.slice(0, TOLD - 1)];
  const others = turn.length - told.length;
  return `${told.map(accessText).join("; ")}${others === 0 ? "" : `; and ${others} more`}`;
}

function answerOf({ returns, throws }: Row): string {
  if (throws !== null) return `throws "${throws}"`;
  return returns === null ? "" : `returns ${returns}`;
}

function changesOf({ index, written }: Row, words: Int32Array): Change[] {
  const before = words[index]!;
  if (written === null || written === before) return [];
  words[index] = written;
  return [{ path: `shared.${index}`, before, after: written }];
}
