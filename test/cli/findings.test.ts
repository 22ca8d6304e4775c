/** The findings that are kept as files: each is told in the document with its command, and recurs at its last step. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readCounterexample } from "../../cli/counterexample-file.js";
import { loadSystem } from "../../cli/systems.js";
import { replay } from "../../properties/engine/replay.js";

const FOLDER = "docs/findings";
const kept = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const page = readFileSync("docs/findings.md", "utf8");

it.each(kept)("%s", async (name) => {
  const { mutant, steps, system: named, violation } = readCounterexample(`${FOLDER}/${name}`);
  const system = await loadSystem(named);
  expect(page).toContain(`    npx pagetwin replay ${FOLDER}/${name}\n`);
  expect(mutant?.rule).toBe(system.mutants.find(({ id }) => id === mutant?.id)?.rule);
  expect(replay(system, readCounterexample(`${FOLDER}/${name}`))).toMatchObject({
    verdict: "recurs",
    step: steps.length,
    breach: { invariant: violation.invariant, name: violation.name, why: violation.why, witness: violation.witness },
  });
});

it("names no file that is not there", () => {
  const named = [...page.matchAll(/docs\/findings\/([\w.-]+\.json)/g)].map((match) => match[1]!);
  expect(named.filter((name) => !kept.includes(name))).toEqual([]);
});
