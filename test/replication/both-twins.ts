/** Telling stories to both twins at once, from the outside: what they answer is all that counts. */
import { expect } from "vitest";
import { wordsNeeded } from "../../impl/replication/layout.js";
import { Replication } from "../../impl/replication/replication.js";
import { apply, initial, type State } from "../../model/replication/index.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Errno, Outcome } from "../../vocabulary/replication/outcomes.js";

export const ok = (value = 0): Outcome => ({ kind: "ok", value });
export const errno = (name: Errno): Outcome => ({ kind: "error", errno: name });

/** Both twins, which must answer the same or throw the same code. */
export class Twins {
  private readonly real: Replication;
  private state: State;

  constructor(shape: Partial<Geometry>) {
    const shaped = geometry({
      levels: 3,
      indexBits: 2,
      kernelRootEntries: 0,
      cpusPerNode: 1,
      tableFrames: 24,
      dataFrames: 8,
      processes: 4,
      ranges: 4,
      ...shape,
    });
    this.real = Replication.initialise(new Int32Array(wordsNeeded(shaped)), shaped);
    this.state = initial(shaped);
  }

  ask(operation: Operation): Outcome | string {
    const found = outcomeOf(() => this.real.apply(operation));
    const expected = outcomeOf(() => {
      const step = apply(this.state, operation);
      this.state = step.state;
      return step.outcome;
    });
    expect(found).toEqual(expected);
    return found;
  }
}

function outcomeOf(ask: () => Outcome): Outcome | string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof PagetwinError) return error.code;
    throw error;
  }
}

export type Asked = readonly [operation: Operation, answer?: Outcome | string];

/** Both twins do the operations, and each answer that is given must be theirs. */
export function told(shape: Partial<Geometry>, ...story: readonly Asked[]): void {
  const twins = new Twins(shape);
  for (const [operation, answer] of story) {
    const found = twins.ask(operation);
    if (answer !== undefined) expect([operation, found]).toEqual([operation, answer]);
  }
}
