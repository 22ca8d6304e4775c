/**
 * How a program of threads on one machine is made: the words they begin with, the accesses that are turns, the claims.
 *
 *   shared = [ the machine's state ][ its counters, always 0 ][ a ghost per area ]
 */
import type { Operation, Program } from "../../../explore/interleave/program.js";
import type { SequentialModel } from "../../../explore/interleave/sequential-model.js";
import { ContiguityMachine } from "../../../impl/contiguity/machine.js";
import { initial, type State } from "../../../model/contiguity/state.js";
import { apply, enabled } from "../../../model/contiguity/step.js";
import { type Dropped, QUIRKS, type Quirk, type Rule } from "../../../vocabulary/contiguity/allocator.js";
import type { MachineOperation, MachineShape } from "../../../vocabulary/contiguity/machine.js";
import type { InterleavedClaim, InterleavedClaims } from "../../engine/interleaved.js";
import type { Shape } from "../../engine/system.js";
import { describe } from "../words.js";
import { answerOf, IMPOSSIBLE } from "./answers.js";
import { ThreadClaims } from "./claims.js";
import { type Ghosts, GuardedPort, isTurn } from "./guarded-port.js";

export interface ThreadPlan {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  /** What has happened before the threads begin. */
  readonly before: readonly MachineOperation[];
  readonly threads: readonly (readonly MachineOperation[])[];
  /** What is claimed besides what every program claims. */
  claims?(claims: ThreadClaims): readonly InterleavedClaim[];
  /** Whether some order of whole operations, by the reference, must explain the answers. */
  readonly isExplained?: boolean;
  readonly expected: { readonly states: number; readonly steps: number };
  readonly effort?: "quick" | "long" | "mutants";
}

export interface ThreadProgram {
  readonly name: string;
  readonly title: string;
  program(drops?: readonly Rule[]): Program<MachineOperation>;
  readonly claims: InterleavedClaims<State, MachineOperation>;
  readonly expected: ThreadPlan["expected"];
  readonly effort: "quick" | "long" | "mutants";
}

export function threadProgram(plan: ThreadPlan): ThreadProgram {
  const shape = plan.shape as unknown as MachineShape;
  const claims = new ThreadClaims(shape);
  return {
    name: plan.name,
    title: plan.title,
    program: (drops = []) => programOf(plan, { ...shape, memory: withRulesDropped(shape, drops) }),
    claims: {
      always: [claims.oneUpdates],
      atEnd: [...claims.atRest, ...(plan.claims?.(claims) ?? [])],
      ...(plan.isExplained ? { model: referenceModel(shape, plan.before) } : {}),
    },
    expected: plan.expected,
    effort: plan.effort ?? "quick",
  };
}

function programOf({ name, before, threads }: ThreadPlan, shape: MachineShape): Program<MachineOperation> {
  const words = new Int32Array(ContiguityMachine.wordsNeeded(shape));
  const machine = new ContiguityMachine(words, shape);
  machine.initialise();
  for (const operation of before) {
    if (!machine.enabled(operation)) throw new Error(`${name}: ${describe(operation)} is not possible`);
    machine.perform(operation);
  }
  const { layout } = machine.allocator;
  const end = machine.stateWords;
  const ghosts: Ghosts = {
    first: words.length,
    areaOf: (word) => Math.floor((word - layout.areas) / layout.areaWords),
  };
  const shared = new Int32Array(words.length + shape.memory.areas);
  shared.set(words.subarray(0, end));
  return {
    name,
    shared,
    threads: (port, sharedWords) =>
      threads.map((operations, thread) => {
        const guarded = new GuardedPort(port, end, ghosts, thread);
        const own = new ContiguityMachine(sharedWords, shape, guarded);
        return { name: `thread ${thread}`, operations: operations.map((each) => operationOf(own, guarded, each)) };
      }),
    isSchedulePoint: isTurn,
    keepsResults: true,
  };
}

function operationOf(
  machine: ContiguityMachine,
  port: GuardedPort,
  asked: MachineOperation,
): Operation<MachineOperation> {
  return {
    name: describe(asked),
    run: () => {
      port.begin();
      return answerOf(machine.perform(asked));
    },
    asks: () => asked,
  };
}

/** The rules of a program are dropped in the implementation alone. */
function withRulesDropped({ memory }: MachineShape, drops: readonly Rule[]): MachineShape["memory"] {
  const dropped = drops.filter((rule): rule is Dropped => !isQuirk(rule));
  return { ...memory, quirks: drops.filter(isQuirk), dropped };
}

function isQuirk(rule: Rule): rule is Quirk {
  return (QUIRKS as readonly Rule[]).includes(rule);
}

/** Whole operations one after another. A fault on a page that is there finds it; on the rest of a huge one, a small page. */
function referenceModel(
  shape: MachineShape,
  before: readonly MachineOperation[],
): SequentialModel<State, MachineOperation> {
  let first = initial(shape);
  for (const operation of before) first = apply(first, operation).state;
  return {
    initial: first,
    step: (state, asked) => {
      if (asked.kind === "fault") {
        const leaf = state.processes[asked.process]?.leaves.find(
          ({ page, order }) => asked.page >= page && asked.page < page + 2 ** order,
        );
        if (leaf !== undefined) return { state, result: answerOf({ kind: "frame", ...leaf, way: "there" }) };
      }
      if (!enabled(state, asked)) return { state, result: IMPOSSIBLE };
      const { state: next, outcome } = apply(state, asked);
      return { state: next, result: answerOf(outcome) };
    },
    key: ({ statistics: _, shape: __, ...rest }) => JSON.stringify(rest),
  };
}
