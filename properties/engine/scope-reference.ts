/**
 * The reference in step with a scope's machine, in the small numbers that the explorer wants.
 *
 * A meaning is the reference state without its statistics; an answer is what the operations of a transition answered
 * together with what they added to the statistics, which both sides begin each transition without.
 */
import type { Reference, ReferenceStep } from "../../explore/index.js";
import type { AnyOperation, AnyScope, AnyState, AnySystem } from "./any-system.js";
import { type Digested, knownParts } from "./digest.js";
import { Interner } from "./interner.js";
import { doEnabled } from "./pair.js";
import type { ScopeMachine } from "./scope-machine.js";

const OUTCOME = ["answers", "statistics"] as const;

/** A state from which the reference takes steps, with the digests of its parts: what it leads to shares most of them. */
interface Base {
  readonly meaning: number;
  readonly state: AnyState;
  readonly digested: Digested;
  /** Of an outcome that counts nothing. */
  readonly outcome: Digested | undefined;
}

export class ScopeReference implements Reference {
  /** The operation on which the twins last disagreed whether it is enabled. */
  disputed: AnyOperation | undefined;
  private readonly machine: ScopeMachine;
  private readonly system: AnySystem;
  private readonly actions: readonly (readonly AnyOperation[])[];
  private readonly start: AnyState;
  private readonly meanings = new Interner();
  private readonly outcomes = new Interner();
  /** Digests of statistics that come up again, as the same objects. */
  private readonly known = new WeakMap<object, Digested>();
  private base: Base | undefined;

  /** @param start the reference's state after the scope's set-up */
  constructor(system: AnySystem, scope: AnyScope, machine: ScopeMachine, start: AnyState) {
    this.system = system;
    this.actions = scope.actions;
    this.machine = machine;
    this.start = system.reference.withoutStatistics(start);
  }

  initial(): number {
    return this.meanings.number(this.start);
  }

  /** The twins have to agree on what is enabled as well: a state in which they do not means something else. */
  meaning(): number {
    const { machine, system } = this;
    let state: AnyState;
    try {
      state = machine.state();
    } catch (thrown) {
      return this.meanings.number({ meaningless: String(thrown) });
    }
    for (const [action, [operation]] of this.actions.entries()) {
      if (machine.enabled(action) === system.reference.enabled(state, operation!)) continue;
      this.disputed = operation!;
      return this.meanings.number({ disputed: action });
    }
    return this.meanings.number(state);
  }

  answer(): number {
    const { twin, answers } = this.machine;
    try {
      const statistics = twin.statistics?.(twin.view) ?? this.machine.meaning().statistics;
      const like = twin.statistics && this.outcomeLike(statistics);
      return this.outcomes.number({ answers, statistics }, like);
    } catch (thrown) {
      return this.outcomes.number({ meaningless: String(thrown) });
    }
  }

  /** The explorer asks right after the machine took the same step, so {@link ScopeMachine.before} is what it began with. */
  step(meaning: number, action: number): ReferenceStep {
    if (this.base?.meaning !== meaning) this.base = this.baseOf(meaning, this.machine.stateBefore());
    try {
      return this.follow(this.base, this.actions[action]!);
    } catch (thrown) {
      return { meaning, answer: this.outcomes.number({ threw: String(thrown) }) };
    }
  }

  private baseOf(meaning: number, state: AnyState): Base {
    return { meaning, state, digested: this.meanings.digested(state), outcome: this.outcomeLike(state.statistics) };
  }

  /** Undefined for a system that counts nothing. */
  private outcomeLike(statistics: unknown): Digested | undefined {
    if (typeof statistics !== "object" || statistics === null) return undefined;
    const known = this.known.get(statistics);
    const digested = known ?? this.outcomes.digested(statistics);
    if (known === undefined) this.known.set(statistics, digested);
    return knownParts(OUTCOME, [undefined, digested]);
  }

  private follow(base: Base, operations: readonly AnyOperation[]): ReferenceStep {
    const { reference } = this.system;
    const answers: unknown[] = [];
    let { state } = base;
    for (const operation of operations) {
      if (answers.length > 0 && !reference.enabled(state, operation)) break;
      const said = doEnabled(reference, state, operation);
      answers.push(said.outcome);
      state = said.state;
    }
    const answer = this.outcomes.number({ answers, statistics: state.statistics }, base.outcome);
    if (state === base.state) return { meaning: base.meaning, answer };
    const counted = state.statistics !== base.state.statistics;
    const after = counted ? reference.withoutStatistics(state) : state;
    return { meaning: this.meanings.number(after, base.digested), answer };
  }
}
