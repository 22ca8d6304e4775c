import { describe, expect, it } from "vitest";
import { FairnessSearch, type StarvationQuestion } from "../../properties/coherency/fairness.js";
import { starvationIn } from "../../properties/coherency/starvation-report.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";

const WRITING = ["WPend1", "WPend2", "WRead"] as const;
const everyMode = (["fifo", "unordered"] as const).flatMap((channels) =>
  (["atomic", "delayed"] as const).flatMap((exit) =>
    (["normative", "lean"] as const).map((profile) => ({ channels, exit, profile })),
  ),
);

// The kernels are alike: what is said of K0 holds of each.
describe.each(everyMode)("three kernels, $channels, $exit, $profile", ({ profile, ...mode }) => {
  it("starves readers and writers without a stamp, and no writer that has its stamp", () => {
    const search = new FairnessSearch(configuration({ ...mode, kernels: 3, rules: PROFILES[profile] }), 10_000_000);
    const states = (question: StarvationQuestion) => search.starvation(0, question).victimStates;
    expect(states({ access: "read", noOlderStamps: false })).toEqual(["FetchInv", "InvRead1", "InvRead2"]);
    expect(states({ access: "write", noOlderStamps: true })).toEqual([
      "FetchInv",
      "Shared",
      "Invalid",
      "InvRead1",
      "InvRead2",
    ]);
    expect(states({ access: "write", noOlderStamps: true, within: WRITING })).toEqual([]);
  });

  it("starves nobody in FetchInv, and no writer, when the newest stamp is the youngest", () => {
    const scope = configuration({ ...mode, kernels: 3, rules: PROFILES[profile], stamps: "perfect" });
    const search = new FairnessSearch(scope, 10_000_000);
    const states = (question: StarvationQuestion) => search.starvation(0, question).victimStates;
    expect(states({ access: "read", noOlderStamps: false })).toEqual(["InvRead1", "InvRead2"]);
    expect(states({ access: "write", noOlderStamps: false })).toEqual(["Shared", "Invalid", "InvRead1", "InvRead2"]);
    expect(states({ access: "write", noOlderStamps: false, within: WRITING })).toEqual([]);
  });
});

/** The largest are left out: `lean` with unordered channels and delayed exit. */
const otherStamps = everyMode
  .filter(({ profile, channels, exit }) => profile === "normative" || channels === "fifo" || exit === "atomic")
  .flatMap((mode) => (["monotone", { bounded: 2 }] as const).map((stamps) => ({ ...mode, stamps })));

it.each(otherStamps)("three kernels, %j: as with free stamps", ({ profile, ...mode }) => {
  const scope = configuration({ ...mode, kernels: 3, rules: PROFILES[profile] });
  const { rows, holds } = starvationIn(scope, 10_000_000);
  expect(rows.map(({ victimStates }) => victimStates)).toEqual([
    ["FetchInv", "InvRead1", "InvRead2"],
    ["FetchInv", "Shared", "Invalid", "InvRead1", "InvRead2", ...WRITING],
    ["FetchInv", "Shared", "Invalid", "InvRead1", "InvRead2"],
    [...WRITING],
    [],
  ]);
  expect(rows.map(({ lasso }) => lasso !== null)).toEqual([true, false, true, true, false]);
  expect(holds).toBe(true);
});
