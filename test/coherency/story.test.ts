import { expect, it } from "vitest";
import { searchCoherency } from "../../properties/coherency/search.js";
import { storyOf } from "../../properties/coherency/story.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";

it("tells the shortest ways in which the protocol as printed fails with two kernels", () => {
  const scope = configuration({ channels: "unordered", exit: "atomic", rules: PROFILES.literal });
  const { violations } = searchCoherency(scope, { collect: true });
  const stories = violations.map(({ invariant, path }) => [
    invariant,
    ...storyOf(scope, path).map(({ says, copies }) => `${says}: ${copies.join(" ")}`),
  ]);
  expect(stories).toEqual([
    [
      "P3 notReplicatedIsAlone",
      "K0 read: FetchNR* Unmapped",
      "K0 to K1: Fetch: FetchNR* Unmapped",
      "K1 read: FetchNR* FetchNR*",
      "K1 to K0: Fetch: FetchVal* FetchNR*",
      "K1 to K0: CopyVoid: Shared FetchNR*",
      "K0 to K1: CopyVoid: Shared NotReplicated",
    ],
    [
      "P8 noDeadlock",
      "K0 read: FetchNR* Unmapped",
      "K1 read: FetchNR* FetchNR*",
      "K1 to K0: Fetch: FetchVal* FetchNR*",
      "K0 to K1: Fetch: FetchVal* FetchVal*",
      "K1 to K0: CopyVoid: Shared FetchVal*",
      "K0 write: WPend1* FetchVal*",
      "K0 to K1: CopyVoid: WPend1* Shared",
      "K1 write: WPend1* WPend1*",
      "K1 to K0: Invalid: WPend1* WPend1*",
      "K0 to K1: Invalid: WPend1* WPend1*",
      "K1 to K0: Nack (writing): WRead* WPend1*",
      "K0 to K1: Fetch_Write: WRead* WPend1*",
      "K0 to K1: Ack (writing): WRead* Shared",
      "K1 write: WRead* WPend1*",
      "K1 to K0: Invalid: WRead* WPend1*",
      "K1 to K0: Copy (fresh): WPend1* WPend1*",
      "K0 to K1: Invalid: WPend1* WPend1*",
      "K1 to K0: Nack (writing): WPend2* WPend1*",
      "K0 to K1: Ack (writing): WPend2* Modified",
    ],
  ]);
});
