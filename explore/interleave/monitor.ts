/**
 * The monitor of linearizability: everything that the sequential model may have gone through, given what has been asked
 * and answered so far.
 *
 * A configuration is a model state and, for each operation under way, whether it has taken effect and with which result.
 * The monitor is a set of configurations, interned, so that it is one word of the searched state: two schedules are
 * merged only if also the same futures of their histories are allowed. An empty set says that no order explains what was
 * answered.
 *
 * An operation takes effect in a configuration only when some operation that returns needs it to: effects that nobody has
 * seen yet can wait (Lowe, "Testing for linearizability", just-in-time linearization).
 */
import { PairTable } from "./pair-table.js";
import type { SequentialModel } from "./sequential-model.js";

/** The set from which no answer can be explained. */
export const UNEXPLAINED = 0;
/** The set at the beginning. */
export const NOTHING_HAPPENED = 1;

/** Not asked, or asked and without effect yet; else the result. */
type Effect = number | null;

interface Configuration {
  readonly state: number;
  readonly effects: readonly Effect[];
}

interface Configurations {
  /** Per thread the number of the question under way, or null. */
  readonly questions: readonly (number | null)[];
  readonly members: readonly Configuration[];
}

export class Monitor<State = unknown, Question = unknown> {
  private readonly model: SequentialModel<State, Question>;
  private readonly sets: Configurations[] = [];
  private readonly setNumbers = new Map<string, number>();
  private readonly states: State[] = [];
  private readonly stateNumbers = new Map<string, number>();
  private readonly questions = new Map<number, Question>();
  private readonly invocations = new PairTable();
  private readonly returns = new PairTable();
  private readonly answers = new PairTable();

  constructor(model: SequentialModel<State, Question>, threadCount: number) {
    this.model = model;
    const nobody = Array.from({ length: threadCount }, () => null);
    this.intern({ questions: nobody, members: [] });
    this.intern({ questions: nobody, members: [{ state: this.stateNumber(model.initial), effects: nobody }] });
  }

  /** Tells what question `number` asks. */
  define(number: number, question: Question): void {
    this.questions.set(number, question);
  }

  knows(number: number): boolean {
    return this.questions.has(number);
  }

  /** The set after `thread` has asked question `number`. */
  invoke(set: number, thread: number, number: number): number {
    const { invocations } = this;
    if (set === UNEXPLAINED) return UNEXPLAINED;
    if (invocations.find(set, number)) return invocations.first;
    const { questions, members } = this.sets[set]!;
    const next = this.intern({ questions: questions.with(thread, number), members });
    invocations.find(set, number);
    invocations.enter(set, number, next, 0);
    return next;
  }

  /** The set after the operation of `thread` has returned `result`. */
  return(set: number, thread: number, result: number): number {
    const { returns, answers } = this;
    if (set === UNEXPLAINED) return UNEXPLAINED;
    if (!answers.find(thread, result)) answers.enter(thread, result, answers.count, 0);
    answers.find(thread, result);
    const answer = answers.first;
    if (returns.find(set, answer)) return returns.first;
    const next = this.afterReturn(this.sets[set]!, thread, result);
    returns.find(set, answer);
    returns.enter(set, answer, next, 0);
    return next;
  }

  /** Whether the model may be in the state with this key. */
  mayBeIn(set: number, key: string): boolean {
    return this.sets[set]!.members.some(({ state }) => this.model.key(this.states[state]!) === key);
  }

  /** The states that the model may be in, for a witness. */
  describe(set: number): string {
    const keys = this.sets[set]!.members.map(({ state }) => this.model.key(this.states[state]!));
    return [...new Set(keys)].join(" or ");
  }

  private afterReturn({ questions, members }: Configurations, thread: number, result: number): number {
    const found = new Map<string, Configuration>();
    for (const member of members) {
      for (const { state, effects } of this.takingEffect(member, questions, thread)) {
        if (effects[thread] !== result) continue;
        const after = { state, effects: effects.with(thread, null) };
        found.set(keyOf(after), after);
      }
    }
    if (found.size === 0) return UNEXPLAINED;
    return this.intern({ questions: questions.with(thread, null), members: [...found.values()] });
  }

  /** All configurations in which the operation of `thread` has taken effect, as the last one to do so. */
  private takingEffect(from: Configuration, questions: Configurations["questions"], thread: number): Configuration[] {
    if (from.effects[thread] !== null) return [from];
    const reached = new Map([[keyOf(from), from]]);
    const effective: Configuration[] = [];
    for (const configuration of reached.values()) {
      for (const [other, question] of questions.entries()) {
        if (question === null || configuration.effects[other] !== null) continue;
        const next = this.takeEffect(configuration, other, question);
        if (other === thread) effective.push(next);
        else reached.set(keyOf(next), next);
      }
    }
    return effective;
  }

  private takeEffect({ state, effects }: Configuration, thread: number, question: number): Configuration {
    const step = this.model.step(this.states[state]!, this.questions.get(question)!);
    return { state: this.stateNumber(step.state), effects: effects.with(thread, step.result | 0) };
  }

  private stateNumber(state: State): number {
    const key = this.model.key(state);
    const known = this.stateNumbers.get(key);
    if (known !== undefined) return known;
    this.stateNumbers.set(key, this.states.length);
    return this.states.push(state) - 1;
  }

  private intern(set: Configurations): number {
    const key = `${set.questions.join()} ${set.members.map(keyOf).sort().join(";")}`;
    const known = this.setNumbers.get(key);
    if (known !== undefined) return known;
    this.setNumbers.set(key, this.sets.length);
    return this.sets.push(set) - 1;
  }
}

const keyOf = ({ state, effects }: Configuration): string => `${state}:${effects.join()}`;
