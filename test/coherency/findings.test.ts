/** The findings that are kept as files: each is told in the document, with its command, and recurs when it is replayed. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { coherency } from "../../properties/coherency/system.js";
import type { Counterexample } from "../../properties/engine/counterexample.js";
import { replay } from "../../properties/engine/replay.js";

const kept = readdirSync("docs/findings").filter((name) => name.startsWith("coherency-"));

it.each(kept)("%s", (name) => {
  const document = JSON.parse(readFileSync(`docs/findings/${name}`, "utf8")) as Counterexample;
  expect(readFileSync("docs/findings.md", "utf8")).toContain(`pagetwin replay docs/findings/${name}`);
  expect(replay(coherency, document)).toMatchObject({ verdict: "recurs", step: document.steps.length });
});

it("keeps the deadlock of the owner's hint and what multicast needs its rules for", () => {
  const lengths = kept.map((name) => {
    const { violation, steps, mutant } = JSON.parse(readFileSync(`docs/findings/${name}`, "utf8")) as Counterexample;
    return `${mutant?.id ?? "normative"} ${violation.invariant}:${steps.length}`;
  });
  expect(lengths.toSorted()).toEqual([
    "multicast-as-printed P4:18",
    "multicast-no-join P4:25",
    "multicast-no-owner P4:32",
    "normative P5:41",
    "normative P8:36",
  ]);
});
