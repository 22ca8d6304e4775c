import { describe, expect, it } from "vitest";
import { interleave } from "../../../explore/interleave/interleave.js";
import { scheduleText } from "../../../explore/interleave/schedule-text.js";
import { everyPageIsSomewhereOnce, stackModel, stackProgram } from "./treiber.js";

const always = { always: [everyPageIsSomewhereOnce] };
const atEnd = { atEnd: [everyPageIsSomewhereOnce] };

/** `untagged` and `untaggedAtEnd`: turns of the shortest schedule after which, and at whose end, a page is lost or taken twice. */
const ROWS = [
  { letters: ["o", "oou"], pages: 3, states: 204, steps: 300, untagged: 12, untaggedAtEnd: 12 },
  { letters: ["ou", "ou"], pages: 2, states: 207, steps: 310, untagged: null, untaggedAtEnd: null },
  { letters: ["oou", "oou"], pages: 3, states: 837, steps: 1254, untagged: 12, untaggedAtEnd: 18 },
  { letters: ["ouou", "ouou"], pages: 3, states: 4025, steps: 6546, untagged: null, untaggedAtEnd: null },
  { letters: ["o", "o", "ou"], pages: 3, states: 1692, steps: 3169, untagged: 12, untaggedAtEnd: 12 },
  { letters: ["o", "ou", "ou"], pages: 3, states: 8448, steps: 17_118, untagged: 12, untaggedAtEnd: 15 },
  { letters: ["ou", "ou", "ou"], pages: 3, states: 34_179, steps: 72_036, untagged: 12, untaggedAtEnd: 18 },
  { letters: ["oou", "oou", "oou"], pages: 3, states: 172_404, steps: 346_452, untagged: 12, untaggedAtEnd: 21 },
];

describe("a tagged stack", () => {
  it.each(ROWS)("$letters: holds with 16 bits of tag: $states states", ({ letters, pages, states, steps }) => {
    const found = interleave(stackProgram(letters, pages, 16), always);
    expect(found).toMatchObject({ verdict: "held", states, steps, bound: null, outside: null });
    expect(found.claim).toContain("Complete because every shared access went through the port");
  });

  it.each(ROWS)(
    "$letters: breaks without a tag after $untagged turns",
    ({ letters, pages, untagged, untaggedAtEnd }) => {
      const program = stackProgram(letters, pages, 0);
      expect(interleave(program, always).failure?.schedule.length ?? null).toBe(untagged);
      expect(interleave(program, atEnd).failure?.schedule.length ?? null).toBe(untaggedAtEnd);
    },
  );

  it("tells the textbook story, twelve turns with one preemption, in the words of the code", () => {
    const { failure } = interleave(stackProgram(["o", "oou"], 3, 0), always);
    expect(failure!.schedule.join("")).toBe("001111111110");
    expect(failure).toMatchObject({ switches: 2, preemptions: 1, witness: "page 2 is in 2 places" });
    expect(scheduleText(failure!)).toBe(
      [
        "turn  T0                               T1",
        "1     pop: LoadHead [0] = 1",
        "2       LoadNext [1] = 2",
        "3                                      pop: LoadHead [0] = 1",
        "4                                        LoadNext [1] = 2",
        "5                                        SwapHead [0] 1 → 2; returns 1",
        "6                                      pop: LoadHead [0] = 2",
        "7                                        LoadNext [2] = 3",
        "8                                        SwapHead [0] 2 → 3; returns 2",
        "9                                      push: LoadHead [0] = 3",
        "10                                       StoreNext [1] := 3",
        "11                                       SwapHead [0] 3 → 1; returns 0",
        "12      SwapHead [0] 1 → 2; returns 1",
        "",
        "everyPageIsSomewhereOnce: page 2 is in 2 places",
        "turns: 12, switches: 2, of these preemptions: 1 (fewest turns, then fewest switches)",
      ].join("\n"),
    );
  });

  it.each([
    { letters: ["o", "ooou"], pages: 3, turns: 15, witness: "page 2 is in 2 places" },
    { letters: ["o", "ou", "ou"], pages: 2, turns: 18, witness: "page 2 is in 0 places" },
  ])("$letters: one and two bits wrap after $turns turns, three do not", ({ letters, pages, turns, witness }) => {
    for (const tagBits of [1, 2]) {
      const { failure } = interleave(stackProgram(letters, pages, tagBits), always);
      expect(failure).toMatchObject({ witness });
      expect(failure!.schedule.length).toBe(turns);
    }
    expect(interleave(stackProgram(letters, pages, 3), always).verdict).toBe("held");
  });

  it("is linearizable to a stack, and ends with the pages that the stack has", () => {
    const claims = { ...always, model: stackModel(3) };
    const found = interleave(stackProgram(["ou", "ou"], 3, 16), claims);
    expect(found).toMatchObject({ verdict: "held" });
    const three = interleave(stackProgram(["o", "ou", "ou"], 3, 16), claims);
    expect(three).toMatchObject({ verdict: "held" });
    expect(three.states).toBeGreaterThanOrEqual(8448);
  });

  it("shows to the sequential model, too, that a tag is missing", () => {
    const found = interleave(stackProgram(["o", "oou"], 3, 0), { model: stackModel(3) });
    expect(found).toMatchObject({ verdict: "violated", failure: { claim: "endsWhereTheModelMay" } });
    expect(found.failure!.schedule.length).toBe(12);
  });
});
