import { describe, expect, it } from "vitest";
import { checkSequenceLock } from "../../examples/sequence-lock.js";
import { scheduleText } from "../../explore/index.js";

describe("the example of a slot under a sequence number", () => {
  it("holds in every schedule", () => {
    const { verdict, states, steps, claim } = checkSequenceLock(true);
    expect({ verdict, states, steps }).toEqual({ verdict: "held", states: 4807, steps: 9840 });
    expect(claim).toContain("Complete because every shared access went through the port");
  });

  it("is torn when a reader does not look again", () => {
    const { failure } = checkSequenceLock(false);
    expect(scheduleText(failure!)).toBe(
      [
        "turn  writer                         reader 1",
        "1                                    read: LoadSequenceBefore [0] = 0",
        "2     rewrite: LoadSequence [0] = 0",
        "3       BeginRewrite [0] := 1",
        "4       StoreKey [1] := 2",
        "5                                      LoadKey [1] = 2",
        "6                                      LoadValue [2] = 10; returns 2010",
        "",
        "readsAreWhole: reader 1 has read 2010",
        "turns: 6, switches: 2, of these preemptions: 2 (fewest turns, then fewest switches)",
      ].join("\n"),
    );
  });
});
