/** Which stories of the protocol are kept as findings, and how long they are; test/cli/findings.test.ts replays them. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { readCounterexample } from "../../cli/counterexample-file.js";

it("keeps how the printed protocol fails, the deadlock of the owner's hint and what multicast needs its rules for", () => {
  const kept = readdirSync("docs/findings").filter((name) => name.startsWith("coherency-"));
  const lengths = kept.map((name) => {
    const { violation, steps, mutant, scope } = readCounterexample(`docs/findings/${name}`);
    return `${mutant?.id ?? scope.name} ${violation.invariant}:${steps.length}`;
  });
  expect(lengths.toSorted()).toEqual([
    "literal-2-unordered-atomic P3:6",
    "literal-2-unordered-atomic P8:19",
    "multicast-as-printed P4:18",
    "multicast-no-join P4:25",
    "multicast-no-owner P4:32",
    "normative-3-fifo-atomic-owner-hint P5:41",
    "normative-3-fifo-atomic-owner-hint P8:36",
  ]);
});
