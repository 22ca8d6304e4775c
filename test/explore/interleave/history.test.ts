import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkHistory, type RecordedOperation } from "../../../explore/interleave/history.js";
import type { SequentialModel } from "../../../explore/interleave/sequential-model.js";

/** A register: a question is a value to write, or null to read. */
const register: SequentialModel<number, number | null> = {
  initial: 0,
  step: (state, question) => (question === null ? { state, result: state } : { state: question, result: 0 }),
  key: String,
};

type Recorded = RecordedOperation<number | null>;

const write = (value: number, invoked: number, returned: number): Recorded => ({
  question: value,
  result: 0,
  invoked,
  returned,
});
const read = (result: number, invoked: number, returned: number): Recorded => ({
  question: null,
  result,
  invoked,
  returned,
});
const unreturned = (question: number | null, invoked: number): Recorded => ({
  question,
  result: null,
  invoked,
  returned: 0,
});

/** Tries every order of every choice of the operations that never returned. */
function byAllOrders(history: readonly Recorded[]): boolean {
  const extend = (state: number, left: readonly Recorded[]): boolean => {
    if (left.every(({ result }) => result === null)) return true;
    return left.some((operation) => {
      const isTooEarly = left.some((other) => other.result !== null && other.returned < operation.invoked);
      if (isTooEarly) return false;
      const step = register.step(state, operation.question);
      if (operation.result !== null && step.result !== operation.result) return false;
      return extend(
        step.state,
        left.filter((other) => other !== operation),
      );
    });
  };
  return extend(register.initial, history);
}

describe("a recorded history", () => {
  it.each<[string, Recorded[], "yes" | "no"]>([
    ["without operations", [], "yes"],
    ["of a read after a write", [write(1, 0, 1), read(1, 2, 3)], "yes"],
    ["of a stale read", [write(1, 0, 1), read(0, 2, 3)], "no"],
    ["of a read that overlaps the write", [write(1, 0, 3), read(0, 1, 2)], "yes"],
    ["of two reads that see an overlapping write disappear", [write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)], "no"],
    ["that touches at a moment", [write(1, 0, 2), read(0, 2, 3)], "yes"],
    ["with a write that never returned and took effect", [unreturned(5, 0), read(5, 3, 4), read(5, 5, 6)], "yes"],
    ["with a write that never returned and did not", [unreturned(5, 0), read(0, 3, 4)], "yes"],
    ["with a write that never returned and cannot come back", [unreturned(5, 0), read(5, 1, 2), read(0, 3, 4)], "no"],
    ["with a value that nobody wrote", [write(1, 0, 9), read(2, 1, 2)], "no"],
  ])("%s", (_, history, expected) => {
    expect(checkHistory(register, history).linearizable).toBe(expected);
    expect(byAllOrders(history)).toBe(expected === "yes");
  });

  it("gets the answer of all orders, and an order that explains it", () => {
    const operation = fc.record({
      question: fc.option(fc.integer({ min: 1, max: 2 }), { nil: null }),
      result: fc.option(fc.integer({ min: 0, max: 2 }), { nil: null, freq: 6 }),
      invoked: fc.integer({ min: 0, max: 12 }),
      lasts: fc.integer({ min: 0, max: 6 }),
    });
    const histories = fc.array(operation, { maxLength: 7 }).map((operations) =>
      operations.map(({ question, result, invoked, lasts }): Recorded => {
        const answered = question === null || result === null ? result : 0;
        return { question, result: answered, invoked, returned: invoked + lasts };
      }),
    );
    const seen = { yes: 0, no: 0, unknown: 0 };
    fc.assert(
      fc.property(histories, (history) => {
        const { linearizable, order } = checkHistory(register, history);
        seen[linearizable]++;
        expect(linearizable).toBe(byAllOrders(history) ? "yes" : "no");
        if (linearizable === "yes") expect(explains(history, order)).toBe(true);
      }),
      { seed: 3, numRuns: 2000 },
    );
    expect(seen.yes).toBeGreaterThan(250);
    expect(seen.no).toBeGreaterThan(250);
  });

  it("is unknown when the limit comes first", () => {
    const writes = Array.from({ length: 12 }, (_, value) => write(value + 1, 0, 10));
    expect(checkHistory(register, [...writes, read(99, 11, 12)], 100).linearizable).toBe("unknown");
    expect(checkHistory(register, [...writes, read(99, 11, 12)]).linearizable).toBe("no");
  });

  it("of ten thousand operations is judged", () => {
    const history = Array.from({ length: 10_000 }, (_, at) =>
      at % 2 === 0 ? write(at, at, at + 2.5) : read(at - 1, at, at + 0.5),
    );
    expect(checkHistory(register, history).linearizable).toBe("yes");
    history[9_999] = read(1, 9_999, 10_000);
    expect(checkHistory(register, history).linearizable).toBe("no");
  });

  it("that returns before it begins is refused", () => {
    expect(() => checkHistory(register, [read(0, 2, 1)])).toThrow(
      "operation 0 returns at 1, before it was invoked at 2",
    );
  });
});

/** Whether the order holds all operations that returned, respects time, and gives the results. */
function explains(history: readonly Recorded[], order: readonly number[]): boolean {
  let state = register.initial;
  for (const [position, number] of order.entries()) {
    const { question, result, invoked } = history[number]!;
    const later = order.slice(position + 1).map((other) => history[other]!);
    if (later.some((other) => other.result !== null && other.returned < invoked)) return false;
    const step = register.step(state, question);
    if (result !== null && result !== step.result) return false;
    state = step.state;
  }
  return history.every(({ result }, number) => result === null || order.includes(number));
}
