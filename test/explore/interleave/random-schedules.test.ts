import { describe, expect, it } from "vitest";
import type { Failure } from "../../../explore/interleave/interleaving.js";
import { Judge } from "../../../explore/interleave/judge.js";
import type { Claims, Program } from "../../../explore/interleave/program.js";
import { tryRandomSchedules } from "../../../explore/interleave/random-schedules.js";
import { reducedTo } from "../../../explore/interleave/shrink.js";
import { ThreadMachine } from "../../../explore/interleave/thread-machine.js";
import { type NamedRun, programOf } from "./programs.js";
import { everyPageIsSomewhereOnce, stackProgram } from "./treiber.js";

const claims: Claims = { always: [everyPageIsSomewhereOnce] };
const large = (tagBits: number) => stackProgram(["ououou", "ouououou", "ouououou", "oouuoouu"], 6, tagBits);

/** Whether the program, with these operations only, breaks the claim under the schedule. */
function breaks(program: Program, kept: Failure["kept"], schedule: readonly number[], claim: string): boolean {
  const machine = new ThreadMachine(reducedTo(program, kept), undefined);
  const judge = new Judge(machine, claims);
  let broken = judge.broken();
  for (const thread of schedule) {
    if (broken !== undefined) break;
    if (!machine.canGoOn(thread)) continue;
    machine.perform(thread);
    broken = judge.broken();
  }
  machine.threads.close();
  return broken?.claim === claim;
}

describe.each<["uniform" | number]>([["uniform"], [3]])("random schedules, %s", (strategy) => {
  it("find what an untagged stack loses in a program too large to cover, and shrink it", () => {
    const found = tryRandomSchedules(large(0), claims, { runs: 5000, seed: 7, strategy });
    expect(found).toMatchObject({ verdict: "violated", method: "random" });
    const failure = found.failure!;
    expect(failure.minimality).toBe("1-minimal");
    expect(failure.schedule.length).toBeLessThanOrEqual(15);
    expect(failure.switches).toBeLessThanOrEqual(4);
    expect(new Set(failure.schedule).size).toBeLessThanOrEqual(3);
    expect(failure.rows.at(-1)!.label).toBe("SwapHead");
  });

  it("end in a story from which no turn and no operation can be left out", () => {
    const program = large(0);
    const { kept, schedule, claim } = tryRandomSchedules(program, claims, { runs: 5000, seed: 11, strategy }).failure!;
    expect(breaks(program, kept, schedule, claim)).toBe(true);
    for (const step of schedule.keys()) expect(breaks(program, kept, schedule.toSpliced(step, 1), claim)).toBe(false);
    for (const [thread, operations] of kept.entries()) {
      for (const at of operations.keys()) {
        expect(breaks(program, kept.with(thread, operations.toSpliced(at, 1)), schedule, claim)).toBe(false);
      }
    }
  });

  it("are the same for the same seed, and others for another", () => {
    const [first, again, other] = [5, 5, 6].map((seed) =>
      tryRandomSchedules(large(0), claims, { runs: 5000, seed, strategy }),
    );
    expect(again).toEqual(first);
    expect(other!.steps).not.toBe(first!.steps);
  });

  it("never prove anything: without a failure the verdict is unfinished", () => {
    const found = tryRandomSchedules(large(16), claims, { runs: 200, seed: 1, strategy });
    expect(found).toMatchObject({ verdict: "unfinished", bound: "200 random schedules", executions: 200, claim: null });
  });

  it("let waiting threads wait", () => {
    const guarded: NamedRun = {
      name: "add under lock",
      run: (port) => {
        while (port.compareExchange("Lock", 0, 0, 1) !== 0) {}
        port.store("StoreCount", 1, port.load("LoadCount", 1) + 1);
        port.store("Unlock", 0, 0);
        return 0;
      },
    };
    const program = programOf([0, 0], [[guarded], [guarded], [guarded]]);
    const found = tryRandomSchedules(program, {}, { runs: 300, seed: 1, strategy });
    expect(found).toMatchObject({ verdict: "unfinished", executions: 300 });
  });
});

it("probabilistic concurrency testing finds an ordering that needs one thread held back, in few runs", () => {
  const steps: NamedRun = {
    name: "hundred steps",
    run: (port) => {
      for (let step = 0; step < 100; step++) port.store("Step", 1 + step, 1);
      return 0;
    },
  };
  const look: NamedRun = {
    name: "look",
    run: (port, own) => {
      own[0] = port.load("LookFirst", 0);
      own[1] = 1 + port.load("LookLast", 100);
      return 0;
    },
  };
  const claim: Claims = {
    always: [
      {
        name: "theLastStepIsNotSeenByAFirstLook",
        violation: (view) => (view.own(1)[1] === 2 ? "seen" : undefined),
      },
    ],
  };
  const program = programOf(new Array(101).fill(0), [[steps], [look]]);
  const guided = tryRandomSchedules(program, claim, { runs: 50, seed: 1, strategy: 1 });
  expect(guided.verdict).toBe("violated");
  const uniform = tryRandomSchedules(program, claim, { runs: 50, seed: 1, strategy: "uniform" });
  expect(uniform.verdict).toBe("unfinished");
});
