/** The options of section 5.2 on three kernels, over the lean protocol: P1 to P9 on raw states, with multicast G1 to G4. */
import { expect, it } from "vitest";
import { searchCoherency } from "../../properties/coherency/search.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";

const OPTIONS = {
  multicast: { multicast: MULTICAST },
  "owner's hint": { ownerHint: true },
  both: { multicast: MULTICAST, ownerHint: true },
} as const;

it.each([
  ["multicast", "fifo", "atomic", 984_463, 2_978_292, 101],
  ["multicast", "fifo", "delayed", 1_576_224, 4_880_445, 121],
  ["multicast", "unordered", "atomic", 6_754_247, 28_180_458, 80],
  ["multicast", "unordered", "delayed", 8_597_350, 35_094_669, 96],
  ["owner's hint", "fifo", "atomic", 845_992, 2_579_634, 98],
  ["owner's hint", "fifo", "delayed", 1_511_331, 4_698_555, 105],
  ["owner's hint", "unordered", "atomic", 4_214_396, 17_176_056, 75],
  ["owner's hint", "unordered", "delayed", 5_532_529, 22_006_947, 90],
  ["both", "fifo", "atomic", 894_886, 2_711_604, 98],
  ["both", "fifo", "delayed", 1_670_355, 5_167_983, 105],
  ["both", "unordered", "atomic", 6_423_692, 26_637_978, 75],
  ["both", "unordered", "delayed", 8_287_717, 33_596_871, 90],
] as const)("%s, %s, %s", (option, channels, exit, states, transitions, depth) => {
  const rules = { ...PROFILES.lean, ...OPTIONS[option] };
  const found = searchCoherency(configuration({ kernels: 3, channels, exit, rules }), { progress: true });
  expect(found).toMatchObject({ verdict: "held", exhausted: true, states, transitions, depth });
});
