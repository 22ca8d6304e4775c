/**
 * A scope of a system as the explorer wants it: a machine of numbered actions over the implementation's own words, and
 * claims about them.
 *
 * An action is a transition of one or more operations. Step invariants judge each operation, state invariants the states
 * at the ends of transitions.
 */
import type { Machine, Reachable, StateInvariant, StepInvariant } from "../../explore/index.js";
import type { AnyOperation, AnyScope, AnyState, AnySystem, AnyTwin } from "./any-system.js";
import { StepInvariants, stateBreach, stepBreach } from "./claims.js";
import type { Pair } from "./pair.js";
import type { Wanted } from "./system.js";

export class ScopeMachine implements Machine {
  readonly words: Int32Array;
  readonly stateWords: number;
  readonly actionCount: number;
  readonly twin: AnyTwin;
  /** What the operations of the last transition answered. */
  answers: unknown[] = [];
  /** The state words before the last transition; what follows them is zero. */
  readonly before: Int32Array;
  private readonly system: AnySystem;
  private readonly actions: readonly (readonly AnyOperation[])[];
  private readonly start: Int32Array;
  /** By invariant id: how the last transition breaks it. */
  private readonly broken = new Map<string, string>();
  private readonly claims: StepInvariants;
  private readonly known: Int32Array;
  private knownState: AnyState | undefined;
  /** What no transition has done yet. */
  private awaited: readonly Wanted<AnyState>[];

  /** @param pair the twins after the scope's set-up */
  constructor(system: AnySystem, scope: AnyScope, pair: Pair) {
    const { twin } = pair;
    this.system = system;
    this.twin = twin;
    this.words = twin.words;
    this.stateWords = twin.stateWords;
    this.actions = scope.actions;
    this.actionCount = scope.actions.length;
    this.start = twin.words.slice(0, twin.stateWords);
    this.before = new Int32Array(twin.words.length);
    this.claims = new StepInvariants(system);
    this.known = new Int32Array(twin.stateWords);
    this.awaited = scope.happens ?? [];
  }

  initialise(): void {
    this.words.fill(0, this.stateWords);
    this.words.set(this.start);
  }

  enabled(action: number): boolean {
    return this.twin.enabled(this.actions[action]![0]!);
  }

  perform(action: number): void {
    const { twin, words } = this;
    for (let i = 0; i < this.stateWords; i++) this.before[i] = words[i]!;
    this.answers = [];
    this.broken.clear();
    for (const operation of this.actions[action]!) {
      if (this.answers.length > 0 && !twin.enabled(operation)) break;
      if (this.claims.about(operation).length > 0) twin.pastWords.set(words);
      const answer = twin.perform(operation);
      this.answers.push(answer);
      this.judgeStep(operation, answer);
    }
    this.watch();
  }

  /** Names of what had to happen and has not. */
  get missed(): readonly string[] {
    return this.awaited.map(({ name }) => name);
  }

  /** The reference state that the live words mean, statistics at zero. */
  state(): AnyState {
    if (this.knownState !== undefined && this.isKnown()) return this.knownState;
    const state = this.system.reference.withoutStatistics(this.meaning());
    this.known.set(this.words.subarray(0, this.stateWords));
    this.knownState = state;
    return state;
  }

  /** The reference state that the live words mean. */
  meaning(): AnyState {
    const { twin } = this;
    twin.look?.(twin.view);
    return twin.meaning(twin.view);
  }

  /** The reference state that {@link before} means, statistics at zero. */
  stateBefore(): AnyState {
    const { twin } = this;
    twin.pastWords.set(this.before);
    twin.look?.(twin.past);
    return this.system.reference.withoutStatistics(twin.meaning(twin.past));
  }

  stateInvariants(): StateInvariant[] {
    const { system, twin } = this;
    return system.invariants.map((invariant, position) => ({
      name: invariant.id,
      violation: () => {
        // The explorer asks for all claims about one state in turn.
        if (position === 0) twin.look?.(twin.view);
        return stateBreach(invariant, twin.view)?.witness.join("; ");
      },
    }));
  }

  stepInvariants(): StepInvariant[] {
    return this.system.stepInvariants.map(({ id }) => ({ name: id, violation: () => this.broken.get(id) }));
  }

  sometimes(scope: AnyScope): Reachable[] {
    return scope.sometimes.map((claim) => ({ name: claim.name, holds: () => this.fulfils(claim) }));
  }

  /** Words of a mutant that mean nothing fulfil nothing; that they mean nothing is for other claims to tell. */
  private fulfils(claim: Wanted<AnyState>): boolean {
    const state = meant(() => this.state());
    return state !== undefined && claim.holds(state);
  }

  private watch(): void {
    if (this.awaited.length === 0) return;
    const state = meant(() => this.meaning());
    if (state !== undefined) this.awaited = this.awaited.filter((claim) => !claim.holds(state));
  }

  private judgeStep(operation: AnyOperation, answer: unknown): void {
    const { view, past } = this.twin;
    const invariants = this.claims.about(operation);
    if (invariants.length > 0) {
      this.twin.look?.(past);
      this.twin.look?.(view);
    }
    for (const invariant of invariants) {
      if (this.broken.has(invariant.id)) continue;
      const breach = stepBreach(invariant, past, operation, answer, view);
      if (breach !== undefined) this.broken.set(invariant.id, breach.witness.join("; "));
    }
  }

  private isKnown(): boolean {
    const { known, words } = this;
    for (let i = 0; i < known.length; i++) if (known[i] !== words[i]) return false;
    return true;
  }
}

function meant(meaning: () => AnyState): AnyState | undefined {
  try {
    return meaning();
  } catch {
    return undefined;
  }
}
