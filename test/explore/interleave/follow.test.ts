import { describe, expect, it } from "vitest";
import { follow } from "../../../explore/interleave/follow.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import type { Port } from "../../../explore/interleave/port.js";
import { type NamedRun, programOf } from "./programs.js";
import { everyPageIsSomewhereOnce, stackProgram } from "./treiber.js";

function takeBoth(first: number, second: number): NamedRun {
  const lock = (port: Port, word: number) => {
    while (port.compareExchange("Lock", word, 0, 1) !== 0) {}
  };
  return {
    name: `lock ${first}, ${second}`,
    run: (port) => {
      for (const word of [first, second]) lock(port, word);
      for (const word of [first, second]) port.store("Unlock", word, 0);
      return 0;
    },
  };
}

describe("a schedule that is followed", () => {
  const claims = { always: [everyPageIsSomewhereOnce] };
  const schedule = [..."001111111110"].map(Number);

  it("breaks the claim that it was found to break, after as many turns", () => {
    const found = interleave(stackProgram(["o", "oou"], 3, 0), claims);
    const followed = follow(stackProgram(["o", "oou"], 3, 0), claims, found.failure!.schedule);
    expect(followed).toMatchObject({ verdict: "violated", turns: 12, failure: { rows: found.failure!.rows } });
  });

  it("holds where the rule is there", () => {
    expect(follow(stackProgram(["o", "oou"], 3, 16), claims, schedule)).toEqual({ verdict: "held" });
  });

  it("does not apply where a thread has nothing left to do", () => {
    const followed = follow(stackProgram(["o", "o"], 3, 16), {}, [0, 0, 0, 0]);
    expect(followed).toEqual({ verdict: "inapplicable", turn: 4, why: "thread 0 has nothing left to do" });
  });

  it("ends in a deadlock where no schedule leads on, and not a turn before", () => {
    const program = () => programOf([0, 0], [[takeBoth(0, 1)], [takeBoth(1, 0)]]);
    const { failure } = interleave(program(), {});
    expect(failure).toMatchObject({ claim: "everyOperationCanReturn" });
    expect(follow(program(), {}, failure!.schedule)).toMatchObject({
      verdict: "violated",
      failure: { claim: failure!.claim },
    });
    expect(follow(program(), {}, failure!.schedule.slice(0, -1))).toEqual({ verdict: "held" });
  });
});
