/**
 * The machine on which the threads of a program meet: words that operations, one at a time, have brought about, and behind
 * them a few that only claims read.
 *
 *   shared = [ state of the replication system ][ BUILDING | EARLY | DISABLED | WALKING of each CPU ]
 *
 *   BUILDING   1 from the first word of the set or of a slot that enable writes until it takes in_progress back
 *   EARLY      frame + 1 of a root that is not home's and was loaded meanwhile
 *   DISABLED   1 from the end of a disable until the next enable sets the flag
 *   WALKING    frame + 1 of the table that the CPU's hardware is reading
 *
 * What is only counted is left out: it lies behind the state and decides nothing.
 */
import { PlainPort } from "../../../impl/memory-port.js";
import type { ReplicationLayout } from "../../../impl/replication/layout.js";
import { Replication } from "../../../impl/replication/replication.js";
import type { Geometry } from "../../../vocabulary/geometry.js";
import type { Operation } from "../../../vocabulary/replication/operations.js";
import { SMALL, toy } from "../toy-machine.js";

export const GHOST = { BUILDING: 0, EARLY: 1, DISABLED: 2, WALKING: 3 } as const;

export interface PublicationMachine {
  readonly layout: ReplicationLayout;
  readonly shared: Int32Array;
  /** Frame of the home root of the space in slot 0. */
  readonly home: number;
  /** Word index of a ghost. */
  ghost(word: number): number;
}

/** Two nodes of two levels with tables of two entries, one CPU each, and caches of one slot. */
export const SMALLEST: Partial<Geometry> = {
  levels: 2,
  nodes: 2,
  tableFrames: 4,
  dataFrames: 2,
  tlbSlots: 1,
  walkCacheSlots: 1,
  ranges: 1,
};

/** @throws Error if one of the operations does not answer with a success */
export function machineAfter(shape: Partial<Geometry>, operations: readonly Operation[]): PublicationMachine {
  const geometry = toy({ ...SMALLEST, ...shape });
  const layout = Replication.initialise(new Int32Array(4096), geometry, SMALL).layout;
  const words = new Int32Array(layout.words);
  const replication = Replication.initialise(words, geometry, { ...SMALL, port: new PlainPort(words) });
  for (const operation of operations) {
    const { kind } = replication.apply(operation);
    if (kind === "error" || kind === "segfault") throw new Error(`${operation.kind} answers ${kind}`);
  }
  const shared = new Int32Array(layout.stateWords + GHOST.WALKING + layout.cpus);
  shared.set(words.subarray(0, layout.stateWords));
  const home = replication.kernel.spaces.root(0);
  return { layout, shared, home, ghost: (word) => layout.stateWords + word };
}
