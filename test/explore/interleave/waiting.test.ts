import { describe, expect, it } from "vitest";
import { interleave } from "../../../explore/interleave/interleave.js";
import type { Port } from "../../../explore/interleave/port.js";
import type { Claim } from "../../../explore/interleave/program.js";
import { type NamedRun, programOf } from "./programs.js";
import { stackProgram } from "./treiber.js";

const LOCK = 0;
const OTHER_LOCK = 1;
const COUNT = 2;

function lock(port: Port, word: number): void {
  while (port.compareExchange("Lock", word, 0, 1) !== 0) {}
}

function unlock(port: Port, word: number): void {
  port.store("Unlock", word, 0);
}

function guarded(locks: readonly number[]): NamedRun {
  return {
    name: `add under ${locks.join()}`,
    run: (port) => {
      for (const word of locks) lock(port, word);
      port.store("StoreCount", COUNT, port.load("LoadCount", COUNT) + 1);
      for (const word of locks) unlock(port, word);
      return 0;
    },
  };
}

const nothingIsLost: Claim = {
  name: "nothingIsLost",
  violation: ({ shared, threadCount }) => (shared[COUNT] === threadCount ? undefined : `count is ${shared[COUNT]}`),
};

describe("waiting", () => {
  it("ends the search without annotation: three threads at a spin lock", () => {
    const found = interleave(programOf([0, 0, 0], [[guarded([0])], [guarded([0])], [guarded([0])]]), {
      atEnd: [nothingIsLost],
    });
    expect(found).toMatchObject({ verdict: "held", estimate: null });
    expect(found.code.spins).toBeGreaterThan(0);
    expect(found.claim).toContain("fruitless rounds of waiting");
  });

  it("is not recognised when no number of rounds passes for it: the search does not end", () => {
    const program = programOf([0, 0, 0], [[guarded([0])], [guarded([0])]]);
    const found = interleave(program, { atEnd: [nothingIsLost] }, { spinRounds: 0, states: 2000 });
    expect(found).toMatchObject({ verdict: "unfinished", bound: "2000 states", code: { spins: 0 }, claim: null });
  });

  it("without the lock an update is lost", () => {
    const found = interleave(programOf([0, 0, 0], [[guarded([])], [guarded([])]]), { atEnd: [nothingIsLost] });
    expect(found).toMatchObject({ verdict: "violated", failure: { claim: "nothingIsLost" } });
  });

  it("for each other is a deadlock, reported as one, by a shortest schedule", () => {
    const crossed = [[guarded([LOCK, OTHER_LOCK])], [guarded([OTHER_LOCK, LOCK])]];
    const found = interleave(programOf([0, 0, 0], crossed), { atEnd: [nothingIsLost] });
    expect(found).toMatchObject({ verdict: "violated", failure: { claim: "everyOperationCanReturn" } });
    expect(found.failure!.schedule.length).toBe(2);
    const allowed = interleave(programOf([0, 0, 0], crossed), { atEnd: [nothingIsLost], allowsDeadlock: true });
    expect(allowed.verdict).toBe("held");
    const ordered = [[guarded([LOCK, OTHER_LOCK])], [guarded([LOCK, OTHER_LOCK])]];
    expect(interleave(programOf([0, 0, 0], ordered), { atEnd: [nothingIsLost] }).verdict).toBe("held");
  });

  it("in a loop of several accesses, also with writes, is recognised", () => {
    const tryBoth = (first: number, second: number): NamedRun => ({
      name: "try both",
      run: (port) => {
        for (;;) {
          lock(port, first);
          if (port.compareExchange("TryLock", second, 0, 1) === 0) break;
          unlock(port, first);
        }
        port.add("AddCount", COUNT, 1);
        unlock(port, second);
        unlock(port, first);
        return 0;
      },
    });
    const program = programOf([0, 0, 0], [[tryBoth(LOCK, OTHER_LOCK)], [tryBoth(OTHER_LOCK, LOCK)]]);
    const found = interleave(program, { atEnd: [nothingIsLost] });
    expect(found.verdict).toBe("held");
    expect(found.code.spins).toBeGreaterThan(0);
  });

  it("is not what a loop does that counts to fewer rounds than are tried", () => {
    const impatient: NamedRun = {
      name: "wait three rounds",
      run: (port) => {
        for (let round = 1; round <= 3; round++) if (port.load("LoadFlag", 0) !== 0) return round;
        return -1;
      },
    };
    const raise: NamedRun = {
      name: "raise",
      run: (port) => {
        port.store("RaiseFlag", 0, 1);
        return 0;
      },
    };
    const found = interleave(programOf([0], [[impatient], [raise]], { keepsResults: true }), {
      outcome: (view) => String(view.result(0, 0)),
    });
    expect(found.outcomes).toEqual(["-1", "1", "2", "3"]);
    expect(found.code.spins).toBe(0);
  });

  it("is what a thread stopped inside a lock makes of the others; one stopped inside the stack holds up nobody", () => {
    const claims = { nobodyIsHeldUp: true };
    const locked = interleave(programOf([0, 0, 0], [[guarded([LOCK])], [guarded([LOCK])]]), claims);
    expect(locked).toMatchObject({ verdict: "violated", failure: { claim: "nobodyIsHeldUp", schedule: [0] } });
    expect(locked.failure!.witness).toBe("T1 cannot return alone");
    expect(interleave(stackProgram(["ou", "ou", "o"], 2, 16), claims).verdict).toBe("held");
  });
});
