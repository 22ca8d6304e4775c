/**
 * The breadth-first search.
 *
 * States are numbered and expanded in the order in which they are found. They are taken in groups: first the successors
 * of all states of a group are generated (`expand`), then all are looked up (`settle`). A group never spans two depths.
 * So whatever breaks is met on a shortest path, because everything nearer has been judged before.
 */
import { Companion } from "./companion.js";
import { conclude } from "./conclude.js";
import type { Exploration } from "./exploration.js";
import { Findings } from "./findings.js";
import { Fingerprinter } from "./fingerprint.js";
import { FingerprintSet } from "./fingerprint-set.js";
import { FullSet } from "./full-set.js";
import { Lineage } from "./lineage.js";
import type { Checks, Limits, Machine, Observer, Reachable, StateInvariant, StepInvariant } from "./machine.js";
import { isOutOfMemory } from "./out-of-memory.js";
import { clearStatistics } from "./path.js";
import { ProgressGraph } from "./progress.js";
import type { StateSet } from "./state-set.js";
import { NO_MEANING, Successors } from "./successors.js";
import { type Suspicion, suspicions } from "./suspicions.js";

/** All bits: of a step invariant that may be broken whatever the statistics are. */
const ANY = -1;

export class Search {
  private readonly machine: Machine;
  private readonly checks: Checks;
  private readonly limits: Required<Limits>;
  private readonly observer: Observer | undefined;
  private readonly always: readonly Suspicion[];
  private readonly steps: readonly StepInvariant[];
  private readonly set: StateSet;
  private readonly successors: Successors;
  /** For each state of the group, where its successors end. */
  private readonly ends: number[] = [];
  private readonly lineage = new Lineage();
  private readonly findings: Findings;
  private readonly companion: Companion | undefined;
  private readonly graph: ProgressGraph | undefined;
  private readonly hasStatistics: boolean;
  /** Where the machine lists its steps: what steps that must be judged have in their statistics, one bit at least. */
  private readonly suspicious: number;
  private readonly isListed: boolean;
  private readonly actionCounts: Float64Array;
  /** The enabled actions of the state being expanded. */
  private readonly enabled: Uint32Array;
  private unreached: readonly Reachable[];
  private expanded = 0;
  private depth = 0;
  /** The number of the first state that lies deeper than `depth`. */
  private levelEnd = 1;
  /** What has run out: of states if one was found that the limit has no room for. */
  private limit: Exploration["limit"] = null;

  constructor(machine: Machine, checks: Checks, limits: Required<Limits>, observer: Observer | undefined) {
    const { words, stateWords } = machine;
    const fingerprinter = new Fingerprinter(stateWords);
    this.machine = machine;
    this.checks = checks;
    this.limits = limits;
    this.observer = observer;
    this.always = suspicions(checks.always ?? []);
    this.steps = checks.steps ?? [];
    this.set = limits.store === "full" ? new FullSet(stateWords, fingerprinter) : new FingerprintSet(stateWords);
    this.successors = new Successors(words, stateWords, machine.actionCount, fingerprinter);
    this.findings = new Findings({ machine, set: this.set, lineage: this.lineage, fingerprinter }, limits.stopAtFirst);
    this.companion = checks.reference && new Companion(checks.reference, limits.inStep);
    this.graph = checks.progress && new ProgressGraph(checks.progress);
    this.hasStatistics = words.length > stateWords;
    this.suspicious = this.steps.reduce((bits, { statistics }) => bits | (statistics ?? ANY), 0);
    this.isListed = machine.listSteps !== undefined && this.companion === undefined && this.suspicious !== ANY;
    this.actionCounts = new Float64Array(machine.actionCount);
    this.enabled = new Uint32Array(machine.actionCount);
    this.unreached = checks.sometimes ?? [];
    this.begin(fingerprinter);
  }

  run(): Exploration {
    try {
      this.visitAll();
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      this.limit = "memory";
    }
    const exhausted = this.goesOn();
    if (exhausted) this.judgeWhole();
    return this.result(exhausted);
  }

  private visitAll(): void {
    while (this.goesOn() && this.expanded < this.set.count) {
      this.limit = this.limits.ranOut?.() ?? null;
      if (this.limit !== null) return;
      const group = Math.min(this.levelEnd - this.expanded, this.successors.bases.length);
      this.expandGroup(group);
      this.settleGroup(group);
      if (this.expanded === this.levelEnd && this.levelEnd < this.set.count) {
        this.levelEnd = this.set.count;
        this.depth++;
      }
    }
  }

  private goesOn(): boolean {
    return !this.findings.isStop && this.limit === null;
  }

  private begin(fingerprinter: Fingerprinter): void {
    const { words } = this.machine;
    this.machine.initialise();
    fingerprinter.take(words, 0);
    const { first, second } = fingerprinter;
    this.set.find(first, second, words);
    this.set.add(first, second, words);
    this.judgeState(0);
    const disagreement = this.companion?.initialDisagreement();
    if (disagreement !== undefined) this.findings.addState("meaning", "meaningsAgree", disagreement, 0);
  }

  /** Generates the successors of the next `group` states. */
  private expandGroup(group: number): void {
    const { successors } = this;
    successors.clear();
    for (let slot = 0; slot < group && !this.findings.isStop; slot++) {
      this.expand(this.expanded + slot, successors.bases[slot]!);
      this.ends[slot] = successors.count;
    }
  }

  /** Takes every enabled action from state `number`. */
  private expand(number: number, base: Int32Array): void {
    const { set, findings, enabled } = this;
    set.take(number, base);
    if (findings.withheld.size > 0 && findings.withheld.has(number)) return;
    this.enter(base);
    this.successors.begin(base, set.takenFirst, set.takenSecond);
    if (this.isListed) {
      this.takeListed(number, base);
      return;
    }
    const count = this.listEnabled();
    if (count === 0) this.judgeDeadEnd(number);
    for (let index = 0; index < count && !findings.isStop; index++) this.takeStep(number, base, enabled[index]!);
  }

  /** Puts what the machine's steps lead to on hold. The few that may break a claim are taken one by one. */
  private takeListed(number: number, base: Int32Array): void {
    const { machine, successors, suspicious, actionCounts } = this;
    let step = successors.list(machine);
    const end = successors.stepsEnd;
    if (step === end) this.judgeDeadEnd(number);
    for (;;) {
      step = successors.holdListed(step, end, suspicious, actionCounts);
      if (step === end || this.findings.isStop) return;
      this.takeStep(number, base, successors.actionOf(step));
      step = successors.endOf(step);
    }
  }

  /** Puts the enabled actions of the live state into `enabled`. @returns how many */
  private listEnabled(): number {
    const { machine, enabled } = this;
    if (machine.listEnabled !== undefined) return machine.listEnabled(enabled);
    let count = 0;
    for (let action = 0; action < machine.actionCount; action++) if (machine.enabled(action)) enabled[count++] = action;
    return count;
  }

  /** Makes `base` the live state. */
  private enter(base: Int32Array): void {
    const { words } = this.machine;
    for (let i = 0; i < base.length; i++) words[i] = base[i]!;
  }

  /** Lets one action happen, judges the step, and puts what it leads to on hold. The live state is the base again. */
  private takeStep(number: number, base: Int32Array, action: number): void {
    const { machine, set, successors, companion } = this;
    this.actionCounts[action]!++;
    if (this.hasStatistics) clearStatistics(machine);
    const walker = companion?.chooses(set.takenFirst, action) ? companion : undefined;
    const meaning = walker === undefined ? NO_MEANING : walker.meaningOf(number);
    const isSound =
      this.performs(number, action) &&
      (this.steps.length === 0 || this.stepHolds(number, base, action)) &&
      (walker === undefined || this.answersAgree(walker, number, meaning, action));
    if (!isSound) {
      this.enter(base);
      return;
    }
    const isElsewhere = successors.hold(action);
    if (companion === undefined) return;
    const expected = walker === undefined ? NO_MEANING : walker.meaning;
    if (isElsewhere) successors.expected[successors.count - 1] = expected;
    else this.meaningsAgree(companion, number, action, expected, meaning);
  }

  private performs(number: number, action: number): boolean {
    try {
      this.machine.perform(action);
      return true;
    } catch (thrown) {
      if (isOutOfMemory(thrown)) throw thrown;
      this.findings.addStep("thrown", "performDoesNotThrow", String(thrown), number, action);
      return false;
    }
  }

  private stepHolds(number: number, base: Int32Array, action: number): boolean {
    let holds = true;
    for (const invariant of this.steps) {
      const witness = invariant.violation(base, action);
      if (witness === undefined) continue;
      holds = false;
      this.findings.addStep("step", invariant.name, witness, number, action);
    }
    return holds;
  }

  /** Lets the reference take the step that the machine has just taken, and compares the answers. */
  private answersAgree(walker: Companion, number: number, meaning: number, action: number): boolean {
    walker.walk(meaning, action);
    const disagreement = walker.answerDisagreement();
    if (disagreement !== undefined) this.findings.addStep("answer", "answersAgree", disagreement, number, action);
    return disagreement === undefined;
  }

  /** Compares what a state means with where the reference's step has led. */
  private meaningsAgree(walker: Companion, number: number, action: number, expected: number, found: number): boolean {
    if (expected === found) return true;
    this.findings.addStep("meaning", "meaningsAgree", walker.explain("meaning", expected, found), number, action);
    return false;
  }

  /** Looks up the successors of the next `group` states. */
  private settleGroup(group: number): void {
    const { successors, set } = this;
    set.warm(successors);
    let successor = 0;
    for (let slot = 0; slot < group && this.goesOn(); slot++) {
      const base = successors.bases[slot]!;
      const end = this.ends[slot]!;
      this.enter(base);
      for (; successor < end && this.goesOn(); successor++) this.settle(this.expanded, base, successor);
      this.lineage.endOfChildren();
      this.graph?.endOfTransitions();
      this.expanded++;
    }
  }

  /** Looks up one successor of state `number`. The live state is the base, before and after. */
  private settle(number: number, base: Int32Array, successor: number): void {
    const { set, successors, companion } = this;
    const first = successors.first(successor);
    const second = successors.second(successor);
    if (set.comparesStates) successors.apply(successor);
    let target = set.find(first, second, this.machine.words);
    const isNew = target < 0;
    const expected = companion === undefined ? NO_MEANING : successors.expected[successor]!;
    if (isNew || expected !== NO_MEANING) successors.apply(successor);
    if (isNew) {
      target = set.count;
      if (!this.admit(first, second)) return;
    }
    if (companion !== undefined && expected !== NO_MEANING) {
      const found = companion.meaningOf(target);
      const agrees = this.meaningsAgree(companion, number, successors.action(successor), expected, found);
      if (!agrees && isNew) this.findings.withheld.add(target);
    }
    if (this.graph !== undefined) this.graph.addTransition(target);
    if (set.comparesStates || isNew || expected !== NO_MEANING) successors.undo(successor, base);
  }

  /** Adds the live state to the set, unless the limit is reached. */
  private admit(first: number, second: number): boolean {
    const { set, observer } = this;
    if (set.count === this.limits.states) {
      this.limit = "states";
      return false;
    }
    set.add(first, second, this.machine.words);
    this.lineage.child();
    this.judgeState(set.count - 1);
    if (observer !== undefined && set.count % observer.every === 0) {
      observer.onProgress(set.count, this.deepest(), set.count - this.expanded);
    }
    return true;
  }

  private judgeState(number: number): void {
    const { always } = this;
    if (this.hasStatistics) clearStatistics(this.machine);
    for (let i = 0; i < always.length; i++) {
      const { suspect, invariants } = always[i]!;
      if (suspect === undefined || suspect()) this.judgeInvariants(invariants, number);
    }
    if (this.unreached.length > 0) this.unreached = this.unreached.filter((reachable) => !reachable.holds());
    this.graph?.addState();
  }

  private judgeInvariants(invariants: readonly StateInvariant[], number: number): void {
    for (const invariant of invariants) {
      const witness = invariant.violation();
      if (witness !== undefined) this.findings.addState("state", invariant.name, witness, number);
    }
  }

  private judgeDeadEnd(number: number): void {
    const { checks } = this;
    if (checks.deadlockAllowed === undefined || checks.deadlockAllowed()) return;
    this.findings.addState("deadlock", "noDeadlock", "no action is enabled", number);
  }

  /** What can only be said once every state has been seen. */
  private judgeWhole(): void {
    for (const { name } of this.unreached) {
      this.findings.addWhole("sometimes", name, "none of the reachable states is one");
    }
    // States behind a violation were not expanded: that they reach nothing would mean nothing.
    if (this.graph === undefined || this.findings.violations.length > 0) return;
    for (const { claim, state } of this.graph.stuck()) {
      this.findings.addState("progress", claim.name, "no state that grants it can be reached", state);
    }
  }

  private result(exhausted: boolean): Exploration {
    const { set, lineage, findings, companion, graph, checks, limits, limit, actionCounts, unreached } = this;
    const parts = { set, lineage, findings, companion, graph, checks, limits, actionCounts, unreached };
    return conclude(parts, { exhausted, limit, depth: this.deepest() });
  }

  /** States that were found while those of `depth` are being expanded lie one deeper. */
  private deepest(): number {
    return this.set.count > this.levelEnd ? this.depth + 1 : this.depth;
  }
}
