import { describe, expect, it } from "vitest";
import { CellWatch } from "../../properties/coherency/cell-watch.js";
import { coverageOf } from "../../properties/coherency/coverage.js";
import { coherencyScopes } from "../../properties/coherency/scopes.js";
import { searchCoherency } from "../../properties/coherency/search.js";

const long = coherencyScopes.filter(({ effort, profile }) => effort === "long" && profile !== "literal");

describe.each(long)("$name", ({ configuration, profile }) => {
  it("visits every cell that acts but those of docs/coherency.md, and none that cannot be", () => {
    const cells = new CellWatch(configuration);
    searchCoherency(configuration, { cells, symmetry: "on" });
    const { neverReached, unvisited } = coverageOf(cells.visits);
    expect(neverReached).toEqual([]);
    expect(unvisited).toEqual(profile === "lean" ? UNVISITED : [...UNVISITED, "WRead EndWithNothing"]);
  });
});

const UNVISITED = [
  "FetchInv EndWithNothing",
  "Shared FetchWrite",
  "InvRead1 EndWithNothing",
  "InvRead2 EndWithNothing",
];
