/** What the page of claims and mutants says is what the systems say of themselves. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadSystem } from "../../cli/systems.js";

const page = readFileSync("docs/claims.md", "utf8");
const cells = (section: string): readonly (readonly string[])[] =>
  section
    .split("\n")
    .filter((line) => /^\| [A-Z]\d|^\| \w+ \| `/.test(line))
    .map((line) => line.slice(2, -2).split(" | "));

describe.each([
  ["page-table", "## Page tables"],
  ["replication", "## Replication"],
])("%s", (name, title) => {
  const rows = cells(page.slice(page.indexOf(title)).split(/\n## /)[0]!);

  it("has no claim that is not the system's, and no other reason", async () => {
    const { invariants, stepInvariants, interleaved } = await loadSystem(name);
    const about = (form: string) => (claim: { readonly id: string; readonly name: string; readonly why: string }) =>
      [claim.id, `\`${claim.name}\``, form, claim.why].join(" | ");
    const claims = [...invariants.map(about("states")), ...stepInvariants.map(about("steps"))];
    const told = rows.filter((row) => row.length === 4).map((row) => row.join(" | "));
    expect(told.filter((row) => !claims.includes(row))).toEqual([]);
    const ofThreads = (interleaved ?? []).flatMap(({ claims: { always, atEnd } }) => [
      ...(always ?? []),
      ...(atEnd ?? []),
    ]);
    const reasons = ofThreads.map((claim) => [claim.id, `\`${claim.name}\``, claim.why].join(" | "));
    const toldOfThreads = rows
      .filter((row) => row.length === 3 && row[1]!.startsWith("`"))
      .map((row) => row.join(" | "));
    expect(toldOfThreads.filter((row) => !reasons.includes(row))).toEqual([]);
  });

  it("has the rule of each mutant that it names", async () => {
    const { mutants } = await loadSystem(name);
    const rules = mutants.map(({ id, rule }) => `${id} | ${rule}`);
    const told = rows
      .filter((row) => row.length === 3 && !row[1]!.startsWith("`"))
      .map(([id, rule]) => `${id} | ${rule}`);
    expect(told.length).toBeGreaterThan(5);
    expect(told.filter((row) => !rules.includes(row))).toEqual([]);
  });
});
