/**
 * Makes a failing list of operations smaller: delta debugging over the operations, then simpler arguments. Every candidate
 * runs on fresh twins; an operation that is not enabled any more is left out. What remains breaks the same claim, and ends
 * with a proof that no single step can be dropped.
 */
import type { AnyOperation, AnySystem } from "./any-system.js";
import { type Breach, Pair } from "./pair.js";
import type { Shape } from "./system.js";

export interface Place {
  readonly shape: Shape;
  readonly setup: readonly AnyOperation[];
}

export interface Shrunk {
  readonly operations: readonly AnyOperation[];
  /** Whether it was shown that no single operation can be dropped; false when the attempts ran out. */
  readonly isMinimal: boolean;
  readonly attempts: number;
}

const ATTEMPTS_MAX = 4000;

/**
 * @param operations break `breach` when they are done in `place`
 * @param without id of the mutant that they were found with
 */
export function shrink(
  system: AnySystem,
  place: Place,
  operations: readonly AnyOperation[],
  breach: Breach,
  without?: string,
): Shrunk {
  return new Shrinker(system, place, breach.invariant, without).shrink(operations);
}

/** As {@link shrink}, but every operation that stays is left as it is. */
export function dropSteps(
  system: AnySystem,
  place: Place,
  operations: readonly AnyOperation[],
  breach: Pick<Breach, "invariant">,
  without?: string,
): Shrunk {
  return new Shrinker(system, place, breach.invariant, without).shrink(operations, false);
}

class Shrinker {
  private readonly pair: Pair;
  /** The system as it is, beside a mutant: simpler arguments must not break it by themselves. */
  private readonly sound: Pair | undefined;
  private readonly setup: readonly AnyOperation[];
  private readonly invariant: string;
  private attempts = 0;

  constructor(system: AnySystem, place: Place, invariant: string, without: string | undefined) {
    this.pair = new Pair(system, place.shape, without);
    this.sound = without === undefined ? undefined : new Pair(system, place.shape);
    this.setup = place.setup;
    this.invariant = invariant;
  }

  shrink(operations: readonly AnyOperation[], mayChange = true): Shrunk {
    let current = this.failing(operations) ?? operations;
    let before: readonly AnyOperation[];
    do {
      before = current;
      current = this.dropBlocks(current);
      if (mayChange) current = this.simplify(current);
    } while (current !== before && this.attempts < ATTEMPTS_MAX);
    return { operations: current, isMinimal: this.attempts < ATTEMPTS_MAX, attempts: this.attempts };
  }

  /** Leaves out blocks, half of the list at first, single operations at last, until none can be left out. */
  private dropBlocks(operations: readonly AnyOperation[]): readonly AnyOperation[] {
    let current = operations;
    let size = Math.max(1, Math.floor(current.length / 2));
    for (;;) {
      const smaller = this.dropOne(current, size);
      if (smaller !== undefined) current = smaller;
      else if (size === 1 || this.attempts >= ATTEMPTS_MAX) return current;
      else size = Math.floor(size / 2);
    }
  }

  /** The list without its last block of `size` that can be left out. */
  private dropOne(operations: readonly AnyOperation[], size: number): readonly AnyOperation[] | undefined {
    for (let end = operations.length; end > 0 && this.attempts < ATTEMPTS_MAX; end -= size) {
      const start = Math.max(0, end - size);
      const failing = this.failing([...operations.slice(0, start), ...operations.slice(end)]);
      if (failing !== undefined) return failing;
    }
    return undefined;
  }

  /** Tries simpler values for each argument of each operation. */
  private simplify(operations: readonly AnyOperation[]): readonly AnyOperation[] {
    let current = operations;
    for (let at = 0; at < current.length; at++) {
      let tries = simpler(current[at]!);
      while (tries.length > 0 && this.attempts < ATTEMPTS_MAX) {
        const [operation, ...others] = tries;
        const candidate = current.map((old, i) => (i === at ? (operation as AnyOperation) : old));
        const failing = this.isSound(candidate) ? this.failing(candidate) : undefined;
        tries = failing === undefined || failing.length < candidate.length ? others : simpler(failing[at]!);
        if (failing?.length === candidate.length) current = failing;
      }
    }
    return current;
  }

  /** The operations up to the one that breaks the claim, those that are not enabled left out; undefined if it holds. */
  private failing(operations: readonly AnyOperation[]): readonly AnyOperation[] | undefined {
    this.attempts++;
    const { pair } = this;
    if (pair.begin(this.setup).breach !== undefined) return undefined;
    const done: AnyOperation[] = [];
    for (const operation of operations) {
      const offer = this.offer(operation);
      if (offer === "disabled") continue;
      done.push(operation);
      const breach = offer === "enabled" ? pair.step(operation).breach : offer;
      if (breach !== undefined) return breach.invariant === this.invariant ? done : undefined;
    }
    return undefined;
  }

  /** Arguments that no caller may use are refused by a throw: such an operation is not enabled. */
  private offer(operation: AnyOperation): "enabled" | "disabled" | Breach {
    try {
      return this.pair.offer(operation);
    } catch {
      return "disabled";
    }
  }

  /** Whether `operations`, the last one perhaps excepted, can be asked of the system as it is, and nothing breaks there. */
  private isSound(operations: readonly AnyOperation[]): boolean {
    const { sound } = this;
    if (sound === undefined) return this.invariant !== "thrown";
    sound.begin(this.setup);
    try {
      return operations.every((operation, at) => {
        const offer = sound.offer(operation);
        if (offer === "disabled") return at === operations.length - 1;
        return offer === "enabled" && sound.step(operation).breach === undefined;
      });
    } catch {
      return false;
    }
  }
}

/** The same value with one thing in it simpler: numbers nearer to 0, lists shorter. */
function simpler(value: unknown): unknown[] {
  if (typeof value === "number") {
    return [...new Set([0, 1, Math.trunc(value / 2), value - Math.sign(value)])].filter(
      (n) => Math.abs(n) < Math.abs(value),
    );
  }
  if (Array.isArray(value)) {
    const shorter = value.map((_, at) => value.filter((__, i) => i !== at));
    return [...shorter, ...value.flatMap((item, at) => simpler(item).map((simple) => value.with(at, simple)))];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => simpler(field).map((simple) => ({ ...value, [key]: simple })));
}
