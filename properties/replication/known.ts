/** Taking over from what other words mean what follows from words that are the same in both. */
import type { State } from "../../model/replication/state.js";
import type { KnownMeaning } from "../engine/system.js";
import type { PartName } from "./parts.js";
import type { View } from "./view.js";

export type Known = KnownMeaning<View, State>;

/** The known state, if what follows from these parts of the words can be taken from it. */
export function keeps(known: Known | undefined, ...parts: readonly PartName[]): State | undefined {
  return known === undefined || parts.some((part) => known.differs(part)) ? undefined : known.state;
}
