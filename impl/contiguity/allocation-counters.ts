/**
 * The counters of the proc files (3), behind the state: they are statistics.
 *
 *   │ total_alloc │ failures, order by order │ successes, order by order │ warnings │
 *
 * A total over all orders is the sum of its orders (A19), so it is not kept.
 */
import { FAILURES, type Failure, SUCCESSES, type Success } from "../../vocabulary/contiguity/allocator.js";
import type { MemoryPort } from "../memory-port.js";
import type { AllocatorLayout } from "./allocator-layout.js";

const FAILURE_INDEX = Object.fromEntries(FAILURES.map((name, index) => [name, index])) as Record<Failure, number>;
const SUCCESS_INDEX = Object.fromEntries(SUCCESSES.map((name, index) => [name, index])) as Record<Success, number>;

export class AllocationCounters {
  private readonly memory: MemoryPort;
  private readonly base: number;
  private readonly orders: number;
  private readonly losesTotals: boolean;

  constructor(memory: MemoryPort, layout: AllocatorLayout) {
    this.losesTotals = layout.shape.dropped?.includes("totals-counted") ?? false;
    this.memory = memory;
    this.base = layout.counters;
    this.orders = layout.orders;
  }

  get attempts(): number {
    return this.memory.load("count.read", this.base);
  }

  get warnings(): number {
    return this.memory.load("count.read", this.warningsIndex());
  }

  attempt(): void {
    this.memory.add("count.add", this.base, 1);
  }

  warn(): void {
    this.memory.add("count.add", this.warningsIndex(), 1);
  }

  fail(order: number, reason: Failure): void {
    this.memory.add("count.add", this.failureIndex(order, reason), 1);
  }

  succeed(order: number, category: Success): void {
    this.memory.add("count.add", this.successIndex(order, category), 1);
  }

  failures(order: number, reason: Failure): number {
    return this.memory.load("count.read", this.failureIndex(order, reason));
  }

  successes(order: number, category: Success): number {
    return this.memory.load("count.read", this.successIndex(order, category));
  }

  /** Of all orders (A19). */
  failuresInTotal(reason: Failure): number {
    return this.total((order) => this.failures(order, reason));
  }

  /** Of all orders (A19). */
  successesInTotal(category: Success): number {
    return this.total((order) => this.successes(order, category));
  }

  private total(count: (order: number) => number): number {
    let sum = 0;
    for (let order = 0; order < this.orders && !this.losesTotals; order++) sum += count(order);
    return sum;
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
