/** Explores a scope of a system: every reachable state of the implementation, the reference in step. */
import { type Exploration, explore, type Violation } from "../../explore/index.js";
import type { AnyOperation, AnyScope, AnySystem } from "./any-system.js";
import type { Counterexample } from "./counterexample.js";
import { type Breach, Pair } from "./pair.js";
import { resources } from "./resources.js";
import { ScopeMachine } from "./scope-machine.js";
import { ScopeReference } from "./scope-reference.js";
import { dropSteps } from "./shrink.js";
import { type Plot, tell } from "./tell.js";

export interface ExhaustOptions {
  /** Id of the mutant to explore instead of the system as it is. */
  readonly without?: string;
  /** Whether the reference walks along; by default it does. */
  readonly inStep?: boolean;
  /** Most states; by default 2^30. */
  readonly states?: number;
  /** Most seconds of wall time; by default any number. */
  readonly seconds?: number | undefined;
  readonly store?: "full" | "fingerprint";
  /** Hears after every 2,000 states how far the search is. */
  onProgress?(states: number, depth: number, frontier: number): void;
}

export interface Exhausted {
  readonly verdict: Exploration["verdict"];
  /** Undefined if already the set-up broke a claim. */
  readonly exploration: Exploration | undefined;
  /** A shortest story. */
  readonly counterexample: Counterexample | undefined;
  /** Names of `sometimes` claims that no state of the exhausted scope fulfils, and of what should happen in it and did not. */
  readonly unreached: readonly string[];
}

const PROGRESS_EVERY = 2000;

/** Explores until everything reachable is seen, a claim breaks or `states` are kept. */
export function exhaust(system: AnySystem, scope: AnyScope, options: ExhaustOptions = {}): Exhausted {
  const { without, inStep = true, states, store = "full" } = options;
  const plot = (operations: readonly AnyOperation[]): Plot => ({
    engine: "explore",
    mutant: without ?? null,
    scope: { name: scope.name, shape: scope.shape, setup: scope.setup },
    seed: null,
    minimality: "shortest",
    operations,
  });
  const pair = new Pair(system, scope.shape, without);
  if (pair.begin(scope.setup).breach !== undefined) {
    return { verdict: "violated", exploration: undefined, counterexample: tell(system, plot([])), unreached: [] };
  }
  const machine = new ScopeMachine(system, scope, pair);
  const reference = new ScopeReference(system, scope, machine, pair.state);
  const exploration = explore(
    machine,
    {
      always: machine.stateInvariants(),
      steps: machine.stepInvariants(),
      sometimes: machine.sometimes(scope),
      ...(inStep ? { reference } : {}),
    },
    { store, stopAtFirst: true, ranOut: resources(options.seconds), ...(states === undefined ? {} : { states }) },
    { every: PROGRESS_EVERY, onProgress: (...progress) => options.onProgress?.(...progress) },
  );
  const missed = exploration.exhausted ? machine.missed : [];
  const broken = exploration.violations.find(({ kind }) => kind !== "sometimes");
  return {
    verdict: exploration.verdict === "held" && missed.length > 0 ? "violated" : exploration.verdict,
    exploration,
    counterexample: broken && story(system, plot, scope, broken, reference.disputed),
    unreached: [
      ...Object.keys(exploration.sometimes).filter((name) => exploration.exhausted && !exploration.sometimes[name]),
      ...missed,
    ],
  };
}

/** The story of a path, told by running it again from the start. */
function story(
  system: AnySystem,
  plot: (operations: readonly AnyOperation[]) => Plot,
  scope: AnyScope,
  violation: Violation,
  disputed: AnyOperation | undefined,
): Counterexample | undefined {
  const path = violation.path.flatMap((action) => scope.actions[action]!);
  for (const operations of disputed === undefined ? [path] : [path, [...path, disputed]]) {
    const told = tell(system, plot(operations));
    if (told !== undefined) return isOfSingles(scope) ? told : shortened(system, plot, told);
  }
  return tell(system, plot(path), breachOfPath(system, violation));
}

function isOfSingles(scope: AnyScope): boolean {
  return scope.actions.every((operations) => operations.length === 1);
}

/** A path of transitions is a shortest one; of their operations some may be left out. */
function shortened(
  system: AnySystem,
  plot: (operations: readonly AnyOperation[]) => Plot,
  told: Counterexample,
): Counterexample | undefined {
  const operations = told.steps.map(({ operation }) => operation);
  const shorter = dropSteps(system, told.scope, operations, told.violation, told.mutant?.id);
  return tell(system, plot(shorter.operations));
}

/** For what shows only when the statistics begin at zero. */
function breachOfPath(system: AnySystem, violation: Violation): Breach {
  const claim = [...system.invariants, ...system.stepInvariants].find(({ id }) => id === violation.invariant);
  return {
    invariant: claim?.id ?? violation.kind,
    name: claim?.name ?? violation.invariant,
    why: claim?.why ?? "the twins have to agree in every step",
    witness: [violation.witness, "it shows when the statistics are at zero before the last step"],
  };
}
