import { describe, expect, it } from "vitest";
import type { AnySystem } from "../../properties/engine/any-system.js";
import { replay } from "../../properties/engine/replay.js";
import { runWorkload } from "../../properties/engine/workload.js";
import { type ToyOperation, toy } from "./toy.js";

const broken = (mutant: string): AnySystem => ({ ...toy, twin: (shape) => toy.twin(shape, mutant) });
const write = (value: number): ToyOperation => ({ kind: "write", cpu: 0, value });
const quiet = Array.from({ length: 300 }, (_, i) => write(i % 3));
const workload = {
  name: "long day",
  shape: {},
  phases: [
    { name: "morning", operations: quiet },
    {
      name: "noon",
      operations: [
        { kind: "unlock", cpu: 0 } as const,
        ...quiet.slice(0, 100),
        write(3),
        ...quiet.slice(0, 90).map((): ToyOperation => ({ kind: "lock", cpu: 0 })),
      ],
    },
    { name: "evening", operations: [write(1)] },
  ],
};

describe("a workload", () => {
  it("runs through its phases and leaves out what cannot be asked", () => {
    const heard: string[] = [];
    const result = runWorkload(toy, workload, 1, (phase, pair) =>
      heard.push(`${phase}: ${JSON.stringify(pair.state)}`),
    );
    // unlock at noon, 89 locks of what is locked, and the write in the evening.
    expect(result).toEqual({
      verdict: "held",
      operations: 300 + 100 + 1 + 1,
      skipped: 1 + 89 + 1,
      counterexample: undefined,
    });
    expect(heard[0]).toBe('morning: {"value":2,"locked":false,"statistics":{"writes":300}}');
    expect(heard).toHaveLength(3);
  });

  it("names the step that broke the state, though only the end of a phase is looked at", () => {
    const { verdict, operations, counterexample } = runWorkload(broken("T2"), workload, 1);
    expect({ verdict, operations }).toEqual({ verdict: "violated", operations: 401 });
    expect(counterexample).toMatchObject({ minimality: "as-found", violation: { invariant: "meaning", step: 12 } });
    expect(counterexample?.steps.at(-1)?.says).toBe("write 3");
    expect(counterexample?.scope.setup).toHaveLength(389);
    expect(replay(broken("T2"), counterexample!)).toMatchObject({ verdict: "recurs", step: 12 });
  });

  it("stops at an answer that differs", () => {
    expect(runWorkload(broken("T3"), workload, 1)).toMatchObject({ verdict: "violated", operations: 2 });
  });
});
