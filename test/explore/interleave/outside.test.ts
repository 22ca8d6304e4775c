import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../../explore/interleave/executions.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import type { Program } from "../../../explore/interleave/program.js";
import { tryRandomSchedules } from "../../../explore/interleave/random-schedules.js";
import { type NamedRun, programOf, type Run } from "./programs.js";

const add: NamedRun = { name: "add", run: (port) => port.add("Add", 0, 1) };

function beside(run: Run): Program {
  return programOf([0, 5], [[add, { name: "suspect", run }], [add]]);
}

describe("code that the theory does not cover", () => {
  const hidden = { calls: 0 };
  const cases: [string, Run, RegExp][] = [
    [
      "reads a shared word plainly",
      (port, _, words) => (words[1] === 5 ? port.load("Load", 0) : 0),
      /reads \[1\] of the shared words plainly/,
    ],
    [
      "writes a shared word plainly",
      (port, _, words) => {
        words[1] = port.load("Load", 0);
        return 0;
      },
      /writes \[1\] of the shared words plainly/,
    ],
    [
      "uses Atomics beside the port",
      (port, _, words) => port.load("Load", 0) + Atomics.load(words, 1),
      /array of shared words/,
    ],
    ["takes a part of the array", (port, _, words) => port.load("Load", words.subarray(1).length), /shared words/],
    [
      "does something else when it is run again",
      (port) => {
        hidden.calls++;
        return port.load("Load", hidden.calls % 2) + port.load("Load", 0);
      },
      /run again/,
    ],
    [
      "catches what stops it",
      (port) => {
        try {
          return port.load("Load", 0);
        } catch {
          return 0;
        }
      },
      /catches what stops it/,
    ],
  ];

  it.each(cases)("%s: the verdict says so, by every method", (_, run, reason) => {
    const verdicts = [
      () => interleave(beside(run), {}),
      () => enumerateExecutions(beside(run), {}, { sleepSets: true }),
      () => tryRandomSchedules(beside(run), {}, { runs: 20, seed: 1, strategy: "uniform" }),
    ];
    for (const verdict of verdicts) {
      hidden.calls = 0;
      const found = verdict();
      expect(found).toMatchObject({ verdict: "outside", claim: null, failure: null });
      expect(found.outside).toMatch(reason);
    }
  });

  it.each([1, 2])(
    "remembers in an object of its own that it has seen %i: found out whatever comes first",
    (telling) => {
      const program: Program = {
        ...programOf([0, 5], [[add], [add]]),
        threads: (port) => {
          const memory = { told: false };
          const run = (): number => {
            if (port.load("Load", 0) === telling) memory.told = true;
            return memory.told ? 1 : 0;
          };
          const adding = { name: "add", run: () => port.add("Add", 0, 1) };
          return [
            { name: "T0", operations: [adding, { name: "suspect", run }] },
            { name: "T1", operations: [adding] },
          ];
        },
      };
      for (const walks of [0, 100]) {
        expect(interleave(program, {}, { walks })).toMatchObject({
          verdict: "outside",
          outside: expect.stringMatching(/run again/),
        });
      }
    },
  );

  it("reads or writes the array that held the initial words", () => {
    const program = programOf([0, 5], [[add], [add]]);
    const reading: Program = {
      ...program,
      threads: (port, words) => [
        ...program.threads(port, words),
        { name: "T2", operations: [{ name: "suspect", run: () => port.load("Load", 0) + program.shared[1]! }] },
      ],
    };
    expect(interleave(reading, {})).toMatchObject({ verdict: "outside", outside: expect.stringMatching(/run again/) });
    const writing: Program = {
      ...program,
      threads: (port, words) => [
        ...program.threads(port, words),
        {
          name: "T2",
          operations: [
            {
              name: "suspect",
              run: () => {
                program.shared[1] = 9;
                return port.load("Load", 0);
              },
            },
          ],
        },
      ],
    };
    expect(interleave(writing, {}).outside).toMatch(/writes word 1/);
  });

  it("uses the array when it is built", () => {
    const program: Program = {
      ...programOf([0], [[add]]),
      threads: (port, words) => [
        { name: "T0", operations: [{ name: "add", run: () => port.add("Add", Atomics.load(words, 0), 1) }] },
      ],
    };
    const atBirth: Program = {
      ...program,
      threads: (port, words) => {
        Atomics.store(words, 0, 1);
        return program.threads(port, words);
      },
    };
    expect(interleave(atBirth, {}).verdict).toBe("outside");
  });
});

describe("code that it covers", () => {
  it("gets its array back as it was, whatever the verdict", () => {
    const program = programOf([7, 5], [[add], [add]]);
    expect(interleave(program, {}).verdict).toBe("held");
    expect([...program.shared]).toEqual([7, 5]);
    const suspect = beside((port, _, words) => port.load("Load", words[0]! & 1));
    expect(interleave(suspect, {}).verdict).toBe("outside");
    expect([...suspect.shared]).toEqual([0, 5]);
  });

  it("may ask how long the array of shared words is", () => {
    expect(
      interleave(
        beside((port, _, words) => port.load("Load", words.length - 1)),
        {},
      ).verdict,
    ).toBe("held");
  });

  it("may unlock in a finally, and may throw: that is a violation with a schedule", () => {
    const throws: NamedRun = {
      name: "throws",
      run: (port) => {
        try {
          if (port.load("Load", 0) === 1) throw new Error("saw one");
          return 0;
        } finally {
          port.store("Unlock", 1, 0);
        }
      },
    };
    const found = interleave(programOf([0, 1], [[throws], [add]]), {});
    expect(found).toMatchObject({
      verdict: "violated",
      failure: { claim: "operationsDoNotThrow", witness: "saw one" },
    });
    expect(found.failure!.rows.at(-1)).toMatchObject({ label: "Unlock", throws: "saw one", returns: null });
    expect(interleave(programOf([0, 1], [[throws]]), {}).verdict).toBe("held");
  });

  it("may name a word that is not there: that is a violation too", () => {
    const beyond: NamedRun = { name: "beyond", run: (port) => port.load("Load", 2 + port.load("Load", 0)) };
    const found = interleave(programOf([0, 0], [[beyond]]), {});
    expect(found.failure).toMatchObject({ witness: "Load: load of word 2: expected 0 to 1" });
  });

  it("may look at the initial words while it is built, through the port; it may not write there", () => {
    const attached: Program = {
      ...programOf([3, 0], []),
      threads: (port) => {
        const size = port.load("LoadSize", 0);
        return [{ name: "T0", operations: [{ name: "size", run: () => size + port.load("Load", 1) }] }];
      },
      keepsResults: true,
    };
    const found = interleave(attached, { outcome: (view) => String(view.result(0, 0)) });
    expect(found).toMatchObject({ verdict: "held", outcomes: ["3"] });
    const writing: Program = {
      ...attached,
      threads: (port) => {
        port.store("StoreSize", 0, 4);
        return attached.threads(port, new Int32Array(0));
      },
    };
    expect(() => interleave(writing, {})).toThrow("StoreSize: store while the threads are built");
  });
});
