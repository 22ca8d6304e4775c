/**
 * The reference in step with a scope's machine, in the small numbers that the explorer wants.
 *
 * A meaning is the reference state without its statistics; an answer is what the operations of a transition answered
 * together with what they added to the statistics, which both sides begin each transition without.
 */
import type { Reference, ReferenceStep } from "../../explore/index.js";
import type { AnyOperation, AnyScope, AnyState, AnySystem } from "./any-system.js";
import { Interner } from "./interner.js";
import { doEnabled } from "./pair.js";
import type { ScopeMachine } from "./scope-machine.js";

/** Levels of a state's parts that states share with each other. */
const PARTS = 2;

export class ScopeReference implements Reference {
  /** The operation on which the twins last disagreed whether it is enabled. */
  disputed: AnyOperation | undefined;
  private readonly machine: ScopeMachine;
  private readonly system: AnySystem;
  private readonly actions: readonly (readonly AnyOperation[])[];
  private readonly start: AnyState;
  private readonly meanings = new Interner();
  private readonly outcomes = new Interner();
  private lastMeaning = -1;
  private lastState: AnyState | undefined;

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
    return this.meanings.number(state, PARTS);
  }

  answer(): number {
    const { twin, answers } = this.machine;
    try {
      const statistics = twin.statistics?.(twin.view) ?? twin.meaning(twin.view).statistics;
      return this.outcomes.number({ answers, statistics }, 1);
    } catch (thrown) {
      return this.outcomes.number({ meaningless: String(thrown) });
    }
  }

  /** The explorer asks right after the machine took the same step, so {@link ScopeMachine.before} is what it began with. */
  step(meaning: number, action: number): ReferenceStep {
    if (meaning !== this.lastMeaning || this.lastState === undefined) {
      this.lastState = this.machine.stateBefore();
      this.lastMeaning = meaning;
    }
    try {
      return this.follow(this.lastState, this.actions[action]!);
    } catch (thrown) {
      return { meaning, answer: this.outcomes.number({ threw: String(thrown) }) };
    }
  }

  private follow(before: AnyState, operations: readonly AnyOperation[]): ReferenceStep {
    const { reference } = this.system;
    const answers: unknown[] = [];
    let state = before;
    for (const operation of operations) {
      if (answers.length > 0 && !reference.enabled(state, operation)) break;
      const said = doEnabled(reference, state, operation);
      answers.push(said.outcome);
      state = said.state;
    }
    const answer = this.outcomes.number({ answers, statistics: state.statistics }, 1);
    return { meaning: this.meanings.number(reference.withoutStatistics(state), PARTS), answer };
  }
}
