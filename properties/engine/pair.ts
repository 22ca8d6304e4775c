/**
 * Both twins in step. After each operation three comparisons: the invariants of the implementation's words, the answers,
 * and what the words mean. If several fail in one step, the first in this order is told: state invariants, step
 * invariants, answer, meaning.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { AnyOperation, AnyState, AnySystem, AnyTwin } from "./any-system.js";
import { type Breach, StepInvariants, stateBreach, stepBreach, WITNESSES_MAX } from "./claims.js";
import { differences, type EqualPair, equalBeside, equalPlain } from "./differences.js";
import type { Shape } from "./system.js";
import { ALL_PARTS, PartBits, Watch } from "./watch.js";

export type { Breach } from "./claims.js";

export interface Step {
  /** What the implementation answered; undefined if it threw. */
  readonly answer: unknown;
  /** What the reference answered; undefined if it threw or was not asked. */
  readonly expected: unknown;
  readonly breach: Breach | undefined;
}

/** A place that a pair can go back to. */
export interface Mark {
  readonly words: Int32Array;
  readonly state: AnyState;
}

const CLAIMS = {
  answer: ["answersAgree", "the reference says what is answered, and the implementation has to answer just that"],
  meaning: ["meaningsAgree", "the implementation's words have to mean the state that the reference has reached"],
  thrown: ["nothingThrows", "an operation that is enabled has an outcome; neither twin may fail on it"],
} as const;

export function breachOf(claim: keyof typeof CLAIMS, witness: readonly string[]): Breach {
  const [name, why] = CLAIMS[claim];
  return { invariant: claim, name, why, witness };
}

/** The breach of twins that disagree on whether something may be asked. */
export function disagreesOnEnabled(operation: string, expected: boolean, found: boolean): Breach {
  const named = (enabled: boolean) => (enabled ? "enabled" : "not enabled");
  return breachOf("answer", [`"${operation}" is ${named(found)}, the reference has it ${named(expected)}`]);
}

export class Pair {
  /** The reference's state. */
  state: AnyState;
  /** Its words are changed by this pair only. */
  readonly twin: AnyTwin;
  private readonly system: AnySystem;
  private readonly shape: Shape;
  private readonly stepInvariants: StepInvariants;
  private readonly watch: Watch;
  private readonly bits: PartBits;
  /** For each state invariant, the parts of the words that it looks at. */
  private readonly reads: readonly number[];
  /** What the words mean, where that is known and they have been judged. */
  private known: AnyState | undefined;
  /** The reference's state and the meaning that were last found equal. */
  private equal: EqualPair<AnyState> | undefined;
  /** Whether the past words are known to be the words as they are. */
  private isPastCurrent = false;
  /** Whether the twin was told to look since its words changed. */
  private isLooked = false;
  private start: (Mark & { readonly equal: EqualPair<AnyState> | undefined }) | undefined;

  /**
   * A pair in its initial state.
   * @param without id of the mutant whose rule the implementation leaves out
   */
  constructor(system: AnySystem, shape: Shape, without?: string) {
    this.system = system;
    this.shape = shape;
    this.twin = system.twin(shape, without);
    this.state = system.reference.initial(shape);
    this.stepInvariants = new StepInvariants(system);
    const { words, pastWords } = this.twin;
    const parts = this.twin.parts ?? [{ name: "words", first: 0, end: words.length }];
    this.bits = new PartBits(parts);
    this.watch = new Watch(words, pastWords, parts, this.bits);
    this.reads = system.invariants.map(({ reads }) => this.bits.all(reads));
  }

  /**
   * Puts both twins where they are after `setup`, whose answers are compared in each step and whose end is compared in
   * every way. A second call goes back to where the first one led.
   * @returns the number of operations done, and what broke on the way
   * @throws PagetwinError `NOT_ENABLED` for an operation that neither twin has enabled
   */
  begin(setup: readonly AnyOperation[]): { readonly done: number; readonly breach: Breach | undefined } {
    if (this.start !== undefined) {
      this.goTo(this.start);
      this.equal = this.start.equal;
      this.known = this.equal?.other;
      return { done: setup.length, breach: undefined };
    }
    this.twin.reset();
    this.forget();
    this.state = this.system.reference.initial(this.shape);
    let breach = this.judge();
    let done = 0;
    while (breach === undefined && done < setup.length) {
      const operation = setup[done++]!;
      const offer = this.offer(operation);
      if (offer === "disabled") {
        throw new PagetwinError("NOT_ENABLED", `operation ${done} of the set-up cannot be asked there`);
      }
      breach = offer === "enabled" ? this.perform(operation).breach : offer;
    }
    breach ??= this.judge();
    if (breach === undefined) this.start = { ...this.mark(), equal: this.equal };
    return { done, breach };
  }

  /** Where both twins are now. */
  mark(): Mark {
    return { words: this.twin.words.slice(), state: this.state };
  }

  goTo({ words, state }: Mark): void {
    this.forget();
    this.twin.words.set(words);
    this.state = state;
  }

  /** Whether the reference has the operation enabled. */
  enabled(operation: AnyOperation): boolean {
    return this.system.reference.enabled(this.state, operation);
  }

  /**
   * Whether `operation` can be asked, or how the twins disagree on that.
   * @param expected whether the reference has it enabled, where that is known
   */
  offer(operation: AnyOperation, expected = this.enabled(operation)): "enabled" | "disabled" | Breach {
    const found = this.twin.enabled(operation);
    if (expected === found) return found ? "enabled" : "disabled";
    return disagreesOnEnabled(this.system.describe(operation), expected, found);
  }

  /** Lets both twins do `operation`, which both must have enabled, and compares them in every way. */
  step(operation: AnyOperation): Step {
    const { known, isLooked, watch } = this;
    if (!this.isPastCurrent) watch.begin();
    const { answer, expected, breach } = this.perform(operation);
    if (breach?.invariant === "thrown") return { answer, expected, breach };
    // Invariants and meaning are functions of the words: where those are as they were, so are these.
    const changed = watch.look();
    const isUnchanged = changed === 0;
    if (isUnchanged) this.known = known;
    this.isLooked = isLooked && isUnchanged;
    const first =
      (known !== undefined && isUnchanged ? undefined : this.judgeState(known === undefined ? ALL_PARTS : changed)) ??
      this.judgeStep(operation, answer, isUnchanged) ??
      breach ??
      this.judgeMeaning(known, changed);
    watch.follow();
    this.isPastCurrent = true;
    return { answer, expected, breach: first };
  }

  /** Lets both twins do `operation`, which both must have enabled, and compares their answers only: for long workloads, with {@link judge} now and then. */
  perform(operation: AnyOperation): Step {
    const { twin, system } = this;
    this.forget();
    let answer: unknown;
    try {
      answer = twin.perform(operation);
    } catch (thrown) {
      return { answer, expected: undefined, breach: breachOf("thrown", [`the implementation threw: ${thrown}`]) };
    }
    let expected: unknown;
    try {
      const said = doEnabled(system.reference, this.state, operation);
      expected = said.outcome;
      this.state = said.state;
    } catch (thrown) {
      return { answer, expected, breach: breachOf("thrown", [`the reference threw: ${thrown}`]) };
    }
    return { answer, expected, breach: this.judgeAnswer(answer, expected) };
  }

  /** State invariants, and what the words mean. */
  judge(): Breach | undefined {
    return this.judgeState() ?? this.judgeMeaning();
  }

  /** What the implementation's words mean, or undefined where they mean nothing. */
  meaning(): AnyState | undefined {
    try {
      this.look();
      return this.twin.meaning(this.twin.view);
    } catch {
      return undefined;
    }
  }

  /** The words are no longer those that were judged. */
  private forget(): void {
    this.known = undefined;
    this.isPastCurrent = false;
    this.isLooked = false;
  }

  private look(): void {
    if (this.isLooked) return;
    this.twin.look?.(this.twin.view);
    this.isLooked = true;
  }

  /** @param changed the parts of the words that changed since all invariants held */
  private judgeState(changed = ALL_PARTS): Breach | undefined {
    const { view } = this.twin;
    const { invariants } = this.system;
    this.look();
    for (let i = 0; i < invariants.length; i++) {
      const breach = (this.reads[i]! & changed) === 0 ? undefined : stateBreach(invariants[i]!, view);
      if (breach !== undefined) return breach;
    }
    return undefined;
  }

  private judgeStep(operation: AnyOperation, answer: unknown, isUnchanged: boolean): Breach | undefined {
    const { view, past, look } = this.twin;
    const invariants = this.stepInvariants.about(operation);
    if (invariants.length === 0) return undefined;
    this.look();
    // Words that are the same need to be looked at once only.
    if (!isUnchanged) look?.(past);
    const before = isUnchanged ? view : past;
    for (const invariant of invariants) {
      const breach = stepBreach(invariant, before, operation, answer, view);
      if (breach !== undefined) return breach;
    }
    return undefined;
  }

  private judgeAnswer(answer: unknown, expected: unknown): Breach | undefined {
    if (equalPlain(answer, expected)) return undefined;
    const { system } = this;
    return breachOf("answer", [
      `the reference answers "${system.describeAnswer(expected)}", the implementation "${system.describeAnswer(answer)}"`,
    ]);
  }

  /**
   * @param before what the past words mean, where that is known
   * @param changed the parts in which the words differ from those
   */
  private judgeMeaning(before?: AnyState, changed = ALL_PARTS): Breach | undefined {
    const { twin, state, bits } = this;
    const differs = (part: string) => (bits.of(part) & changed) !== 0;
    let meaning: AnyState;
    try {
      this.look();
      meaning = this.known ?? twin.meaning(twin.view, before && { view: twin.past, state: before, differs });
    } catch (thrown) {
      return breachOf("meaning", [`the implementation's words have no meaning: ${thrown}`]);
    }
    if (equalBeside({ one: state, other: meaning }, this.equal?.other === before ? this.equal : undefined)) {
      this.known = meaning;
      this.equal = { one: state, other: meaning };
      return undefined;
    }
    const lines = differences(state, meaning).map(
      ({ path, before: was, after }) => `${path}: the reference has ${said(was)}, the implementation ${said(after)}`,
    );
    return breachOf("meaning", capped(lines));
  }
}

/** What `operation`, which is enabled, comes to in the reference. */
export function doEnabled(
  reference: AnySystem["reference"],
  state: AnyState,
  operation: AnyOperation,
): ReturnType<AnySystem["reference"]["apply"]> {
  return reference.applyEnabled?.(state, operation) ?? reference.apply(state, operation);
}

function said(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function capped(lines: readonly string[]): string[] {
  if (lines.length <= WITNESSES_MAX) return [...lines];
  return [...lines.slice(0, WITNESSES_MAX), `… and ${lines.length - WITNESSES_MAX} more`];
}
