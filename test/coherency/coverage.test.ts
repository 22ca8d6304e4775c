import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { explore } from "../../explore/explore.js";
import { ExploredCluster, REQUEST } from "../../impl/coherency/exploration.js";
import { NOT_REPLICATED } from "../../impl/coherency/layout.js";
import { FETCH_WRITE } from "../../impl/coherency/outbox.js";
import { agreementChecks } from "../../properties/coherency/agreement.js";
import { CellWatch } from "../../properties/coherency/cell-watch.js";
import { coverageOf, protocolAsMarkdown } from "../../properties/coherency/coverage.js";
import { ReferenceInStep } from "../../properties/coherency/reference.js";
import { coherencyScopes } from "../../properties/coherency/scopes.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import { type Configuration, configuration } from "../../vocabulary/coherency/configuration.js";
import { mutantResults } from "./mutant-results.js";

function coverageIn(fields: Partial<Configuration>) {
  const machine = new ExploredCluster(configuration(fields));
  const reference = new ReferenceInStep(machine);
  explore(machine, agreementChecks(machine, reference), { store: "full" });
  return coverageOf(reference.cellVisits);
}

it("never reaches a cell that cannot be, with two kernels in any mode", () => {
  for (const channels of ["fifo", "unordered"] as const)
    for (const exit of ["atomic", "delayed"] as const) expect(coverageIn({ channels, exit }).neverReached).toEqual([]);
});

// The literal profile's violations end a search where the reference goes on.
const holding = coherencyScopes.filter(({ profile, effort }) => profile !== "literal" && effort === "quick");

it.each(holding)("notes the same cells without the reference in step: $name", ({ configuration: scope }) => {
  const cells = new CellWatch(scope);
  searchCoherency(scope, { cells });
  expect(coverageOf(cells.visits)).toEqual(coverageIn(scope));
});

it("notes the same cells modulo renaming of kernels", () => {
  const scope = configuration({ channels: "unordered", exit: "delayed" });
  const cells = new CellWatch(scope);
  searchCoherency(scope, { cells, symmetry: "on" });
  expect(coverageOf(cells.visits)).toEqual(coverageIn(scope));
});

it("tells a cell that cannot be when it is reached", () => {
  const scope = configuration({ channels: "unordered" });
  const cells = new CellWatch(scope);
  const machine = new ExploredCluster(scope);
  machine.initialise();
  machine.words[0] = (machine.words[0]! & ~15) | NOT_REPLICATED;
  const fetchWrite = machine.kinds.findIndex((kind, action) => kind === REQUEST && machine.kernels[action] === 0);
  machine.words[2] = FETCH_WRITE << 8; // from K1 to K0
  cells.violation(machine.words.subarray(0, machine.stateWords), fetchWrite);
  expect(coverageOf(cells.visits).neverReached).toEqual(["NotReplicated FetchWrite"]);
});

it("cannot exercise half of the protocol with two kernels, FIFO and atomic exit", () => {
  const { visited } = coverageIn({ channels: "fifo", exit: "atomic" });
  expect(visited).toHaveLength(28);
  // The only vote there is ends WPend2 in the step that enters it.
  expect(visited.filter((cell) => /^(FetchInv|InvRead2|WPend2) /.test(cell))).toEqual(["WPend2 EndWithNothing"]);
});

it("has its table printed in the documentation", () => {
  expect(readFileSync("docs/coherency.md", "utf8")).toContain(protocolAsMarkdown());
});

it("has its counts and its mutants in the documentation", () => {
  const page = readFileSync("docs/coherency.md", "utf8");
  for (const { profile, configuration: scope, expected } of coherencyScopes) {
    const numbers = [expected.states, expected.transitions].map((count) => count.toLocaleString("en-US")).join(" | ");
    expect(page).toContain(
      `| ${profile} | ${scope.kernels} | ${scope.channels} | ${scope.exit} | ${numbers} | ${expected.depth} |`,
    );
  }
  for (const [id, results] of Object.entries(mutantResults)) {
    const cells = results
      .replaceAll("harmless", "–")
      .split(/ \| | /)
      .join(" | ");
    expect(page).toMatch(new RegExp(`^\\| ${id} \\| .* \\| ${cells.replaceAll("|", "\\|")} \\|$`, "m"));
  }
});
