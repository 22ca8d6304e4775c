/**
 * Judges a recorded history: is there an order of the operations, true to real time, that explains the results?
 *
 * The search of Wing and Gong ("Testing and verifying concurrent objects") with the memory of Lowe ("Testing for
 * linearizability"): operations take effect one by one, each before the first return that has not been accounted for; a set of
 * operations and a model state that led nowhere is not tried again.
 */
import type { SequentialModel } from "./sequential-model.js";

export interface RecordedOperation<Question> {
  readonly question: Question;
  /** The result, or null if the operation had not returned when the recording ended: it may have taken effect or not. */
  readonly result: number | null;
  /** Moments on one clock. Of two operations, one that returns at the moment at which the other begins overlaps it. */
  readonly invoked: number;
  /** Ignored without a result. */
  readonly returned: number;
}

export interface HistoryVerdict {
  /** `unknown`: the limit came first. */
  readonly linearizable: "yes" | "no" | "unknown";
  /** Pairs of operations done and model state that were tried. */
  readonly configurations: number;
  /** Numbers of operations in an order that explains the results; for `no` and `unknown` the longest one that got somewhere. */
  readonly order: readonly number[];
}

/** A link of the list of moments, in order of time. */
interface Moment {
  readonly operation: number;
  /** The return that belongs to a call; null in a return. */
  readonly match: Moment | null;
  before: Moment | null;
  after: Moment | null;
}

const CONFIGURATIONS_MAX = 1_000_000;

/** @param configurationsMax most pairs to try, from 1; by default a million
 * @throws Error for an operation that returns before it was invoked */
export function checkHistory<State, Question>(
  model: SequentialModel<State, Question>,
  history: readonly RecordedOperation<Question>[],
  configurationsMax = CONFIGURATIONS_MAX,
): HistoryVerdict {
  for (const [number, { invoked, returned, result }] of history.entries()) {
    if (result !== null && !(returned >= invoked)) {
      throw new Error(`operation ${number} returns at ${returned}, before it was invoked at ${invoked}`);
    }
  }
  return new HistorySearch(model, history, configurationsMax).run();
}

class HistorySearch<State, Question> {
  private readonly model: SequentialModel<State, Question>;
  private readonly history: readonly RecordedOperation<Question>[];
  private readonly configurationsMax: number;
  private readonly list: Moment;
  private readonly done: OperationSet;
  private readonly tried = new Set<string>();
  private readonly taken: { readonly call: Moment; readonly before: State }[] = [];
  private longest: number[] = [];

  constructor(
    model: SequentialModel<State, Question>,
    history: readonly RecordedOperation<Question>[],
    configurationsMax: number,
  ) {
    this.model = model;
    this.history = history;
    this.configurationsMax = configurationsMax;
    this.list = listOf(history);
    this.done = new OperationSet(history.length);
  }

  run(): HistoryVerdict {
    let state = this.model.initial;
    let moment = this.list.after;
    while (moment !== null) {
      if (moment.match !== null) {
        const next = this.tryEffect(moment, state);
        if (this.tried.size > this.configurationsMax) return this.verdict("unknown");
        moment = next === undefined ? moment.after : this.list.after;
        if (next !== undefined) state = next.state;
        continue;
      }
      // Only operations that never returned are left, and these need not have taken effect.
      if (this.history[moment.operation]!.result === null) break;
      this.noteLength();
      const last = this.taken.pop();
      if (last === undefined) return this.verdict("no");
      state = last.before;
      this.done.remove(last.call.operation);
      putBack(last.call);
      moment = last.call.after;
    }
    return this.verdict("yes");
  }

  /** Lets an operation take effect, if the model allows its result and this was not tried before. */
  private tryEffect(call: Moment, state: State): { readonly state: State } | undefined {
    const { question, result } = this.history[call.operation]!;
    const step = this.model.step(state, question);
    if (result !== null && (step.result | 0) !== (result | 0)) return undefined;
    this.done.add(call.operation);
    const configuration = `${this.done.key()} ${this.model.key(step.state)}`;
    if (this.tried.has(configuration)) {
      this.done.remove(call.operation);
      return undefined;
    }
    this.tried.add(configuration);
    this.taken.push({ call, before: state });
    takeOut(call);
    return { state: step.state };
  }

  private noteLength(): void {
    if (this.taken.length > this.longest.length) this.longest = this.taken.map(({ call }) => call.operation);
  }

  private verdict(linearizable: HistoryVerdict["linearizable"]): HistoryVerdict {
    this.noteLength();
    return { linearizable, configurations: this.tried.size, order: this.longest };
  }
}

/** A set of operation numbers as bits. Numbers below the first that is missing cost nothing in its key. */
class OperationSet {
  private readonly bits: Int32Array;
  private highest = 0;

  constructor(count: number) {
    this.bits = new Int32Array((count >>> 5) + 1);
  }

  add(number: number): void {
    this.bits[number >>> 5]! |= 1 << (number & 31);
    this.highest = Math.max(this.highest, number >>> 5);
  }

  remove(number: number): void {
    this.bits[number >>> 5]! &= ~(1 << (number & 31));
  }

  key(): string {
    while (this.highest > 0 && this.bits[this.highest] === 0) this.highest--;
    let low = 0;
    while (low < this.highest && this.bits[low] === -1) low++;
    return `${low}:${this.bits.subarray(low, this.highest + 1).join()}`;
  }
}

function listOf(history: readonly RecordedOperation<unknown>[]): Moment {
  const moments = history.flatMap(({ invoked, returned, result }, operation) => {
    const end: Moment = { operation, match: null, before: null, after: null };
    const call: Moment = { operation, match: end, before: null, after: null };
    return [
      { at: invoked, order: 0, moment: call },
      { at: result === null ? Number.POSITIVE_INFINITY : returned, order: 1, moment: end },
    ];
  });
  moments.sort((one, other) => (one.at === other.at ? one.order - other.order : one.at - other.at));
  const head: Moment = { operation: -1, match: null, before: null, after: null };
  let last = head;
  for (const { moment } of moments) {
    last.after = moment;
    moment.before = last;
    last = moment;
  }
  return head;
}

function takeOut(call: Moment): void {
  for (const moment of [call, call.match!]) {
    moment.before!.after = moment.after;
    if (moment.after !== null) moment.after.before = moment.before;
  }
}

/** Undoes `takeOut`, in the opposite order. */
function putBack(call: Moment): void {
  for (const moment of [call.match!, call]) {
    moment.before!.after = moment;
    if (moment.after !== null) moment.after.before = moment;
  }
}
