/**
 * The counters of the proc files (3), behind the state: they are statistics.
 *
 *   │ total_alloc │ failures, order by order │ successes, order by order │ warnings │
 *
 * A total over all orders is the sum of its orders (A19), so it is not kept.
 */
import { FAILURES, type Failure, SUCCESSES, type Success } from "../../vocabulary/contiguity/allocator.js";
import type { AllocatorLayout } from "./allocator-layout.js";

const FAILURE_INDEX = Object.fromEntries(FAILURES.map((name, index) => [name, index])) as Record<Failure, number>;
const SUCCESS_INDEX = Object.fromEntries(SUCCESSES.map((name, index) => [name, index])) as Record<Success, number>;

export class AllocationCounters {
  private readonly words: Int32Array;
  private readonly base: number;
  private readonly orders: number;

  constructor(words: Int32Array, layout: AllocatorLayout) {
    this.words = words;
    this.base = layout.counters;
    this.orders = layout.orders;
  }

  get attempts(): number {
    return this.words[this.base]!;
  }

  get warnings(): number {
    return this.words[this.warningsIndex()]!;
  }

  attempt(): void {
    this.words[this.base]! += 1;
  }

  warn(): void {
    this.words[this.warningsIndex()]! += 1;
  }

  fail(order: number, reason: Failure): void {
    this.words[this.failureIndex(order, reason)]! += 1;
  }

  succeed(order: number, category: Success): void {
    this.words[this.successIndex(order, category)]! += 1;
  }

  failures(order: number, reason: Failure): number {
    return this.words[this.failureIndex(order, reason)]!;
  }

  successes(order: number, category: Success): number {
    return this.words[this.successIndex(order, category)]!;
  }

  private failureIndex(order: number, reason: Failure): number {
    return this.base + 1 + order * FAILURES.length + FAILURE_INDEX[reason];
  }

  private successIndex(order: number, category: Success): number {
    return this.base + 1 + this.orders * FAILURES.length + order * SUCCESSES.length + SUCCESS_INDEX[category];
  }

  private warningsIndex(): number {
    return this.base + 1 + this.orders * (FAILURES.length + SUCCESSES.length);
  }
}
