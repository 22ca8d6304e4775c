/** Situations that a search must come across, or it has shown nothing. Predicates over the reference's state. */
import type { AddressSpace, Entry, LeafEntry, State, Table } from "../../model/replication/state.js";

interface Situation {
  readonly name: string;
  holds(state: State): boolean;
}

const spaces = (state: State): AddressSpace[] => Object.values(state.spaces);
const entries = (table: Table): Entry[] => Object.values(table.entries);

function* tables(table: Table): Generator<Table> {
  yield table;
  for (const entry of entries(table)) if (entry.kind === "table") yield* tables(entry.table);
}

function* leaves(table: Table): Generator<LeafEntry & { readonly level: number }> {
  for (const inner of tables(table)) {
    for (const entry of entries(inner)) if (entry.kind === "leaf") yield { ...entry, level: inner.level };
  }
}

const someSpace = (holds: (space: AddressSpace) => boolean) => (state: State) => spaces(state).some(holds);
const someLeaf = (holds: (leaf: LeafEntry & { readonly level: number }) => boolean) =>
  someSpace((space) => [...leaves(space.root)].some(holds));

const framesOf = (state: State): number[] =>
  spaces(state).flatMap((space) => [...leaves(space.root)].map((leaf) => leaf.frame));

const leadsToRing = (table: Table): boolean =>
  entries(table).some((entry) => entry.kind === "table" && entry.table.members.length > 1);

const situation = (name: string, holds: (state: State) => boolean): Situation => ({ name, holds });

export const reached = {
  replicated: situation(
    "a space is replicated",
    someSpace((space) => space.nodes.length > 1),
  ),
  partialSet: situation("a space is replicated on some nodes only", (state) =>
    spaces(state).some((space) => space.nodes.length > 1 && space.nodes.length < state.geometry.nodes),
  ),
  twoReplicated: situation(
    "two spaces are replicated",
    (state) => spaces(state).filter((space) => space.nodes.length > 1).length > 1,
  ),
  replicaRoot: situation("a CPU runs on a replica", (state) =>
    state.cpus.some((cpu) => cpu.pid !== 0 && cpu.root !== state.spaces[state.processes[cpu.pid]!.space]!.home),
  ),
  steered: situation("a CPU is steered away from its own node's copy", (state) =>
    state.cpus.some(
      (cpu, index) =>
        cpu.pid !== 0 &&
        cpu.root >= 0 &&
        cpu.root !== Math.floor(index / state.geometry.cpusPerNode) &&
        state.spaces[state.processes[cpu.pid]!.space]!.steering.some((to) => to === cpu.root),
    ),
  ),
  bitOnlyInReplica: situation(
    "a bit is set in a replica and nowhere else",
    someSpace((space) =>
      [...tables(space.root)].some((table) => {
        const home = table.members.findIndex((member) => member.node === space.home);
        return entries(table).some(
          (entry) => entry.kind === "leaf" && entry.dirty.some((bit, i) => bit && i !== home) && !entry.dirty[home],
        );
      }),
    ),
  ),
  baseAwayFromHome: situation(
    "a ring's base lies away from home",
    someSpace((space) =>
      [...tables(space.root)].some((table) => table.members.length > 1 && table.members[0]!.node !== space.home),
    ),
  ),
  tableAwayFromHome: situation(
    "a table lies away from home",
    someSpace((space) => [...tables(space.root)].some((table) => table.members[0]!.node !== space.home)),
  ),
  emptyTable: situation(
    "an empty table stays under a mapped range",
    someSpace((space) => [...tables(space.root)].some((table) => table !== space.root && entries(table).length === 0)),
  ),
  remembered: situation("a TLB remembers a written page", (state) =>
    state.cpus.some((cpu) => Object.values(cpu.tlb).some((entry) => entry.dirty)),
  ),
  sharedFrame: situation("two leaves name one frame", (state) => {
    const frames = framesOf(state);
    return new Set(frames).size < frames.length;
  }),
  copied: situation("two spaces have a page of their own", (state) => {
    const frames = framesOf(state);
    return spaces(state).length > 1 && new Set(frames).size > 1;
  }),
  nobody: situation("no process is left", (state) => Object.keys(state.processes).length === 0),
  outOfTables: situation(
    "a ring could not be made",
    someSpace((space) => space.nodes.length > 1 && [...tables(space.root)].some((table) => table.members.length === 1)),
  ),
  ringUnderBase: situation(
    "a table with a ring lies under one without",
    someSpace((space) => [...tables(space.root)].some((table) => table.members.length === 1 && leadsToRing(table))),
  ),
  fromCache: situation(
    "a table came from the cache",
    someSpace((space) => [...tables(space.root)].some((table) => table.members.some((member) => member.fromCache))),
  ),
  largeLeaf: situation(
    "a large leaf is present",
    someLeaf((leaf) => leaf.level > 1),
  ),
  splitLeaf: situation(
    "a large leaf was split",
    someLeaf((leaf) => leaf.level === 1),
  ),
  moving: situation(
    "a page is on its way",
    someLeaf((leaf) => leaf.presence === "moving"),
  ),
  keptWithoutAccess: situation(
    "a page is kept without access",
    someLeaf((leaf) => leaf.presence === "none"),
  ),
} as const;
