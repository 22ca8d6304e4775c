/** What claims about one operation are made of: which kinds they speak of, whose space it is, what its leaves hold. */
import { ACCESSED, DIRTY, PRESENT, PROT_NONE } from "../../impl/page-table/entry.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import type { StepInvariant } from "../engine/system.js";
import type { Memory } from "./memory.js";
import type { LeafWord } from "./trees.js";
import type { View } from "./view.js";

export type Claim = StepInvariant<Operation, Outcome, View>;

/** Operations of some kinds. */
export type Of<Kind extends Operation["kind"]> = Extract<Operation, { readonly kind: Kind }>;

/** A claim about operations of these kinds; of all others it holds. */
export function claimAbout<Kind extends Operation["kind"]>(
  concerns: readonly Kind[],
  claim: Omit<Claim, "concerns" | "violations"> & {
    violations(before: View, operation: Of<Kind>, outcome: Outcome, after: View): Iterable<string>;
  },
): Claim {
  const kinds: readonly Operation["kind"][] = concerns;
  const isConcerned = (operation: Operation): operation is Of<Kind> => kinds.includes(operation.kind);
  return {
    id: claim.id,
    name: claim.name,
    why: claim.why,
    concerns,
    violations: (before, operation, outcome, after) =>
      isConcerned(operation) ? claim.violations(before, operation, outcome, after) : [],
  };
}

export const bits = (word: number): string =>
  `${(word & ACCESSED) !== 0 ? "A" : "-"}${(word & DIRTY) !== 0 ? "D" : "-"}`;

/** The slot of the space that the acting CPU runs, -1 without one. */
export function callersSlot(memory: Memory, operation: Operation): number {
  return "cpu" in operation ? memory.slotOfCpu(operation.cpu) : -1;
}

/** The slot of the process that an operation with a `pid` is about; 0 = the caller. */
export function targetSlot(memory: Memory, operation: Operation): number {
  const pid = "pid" in operation ? operation.pid : 0;
  if (pid === null) return -1;
  if (pid === 0) return callersSlot(memory, operation);
  return pid <= memory.layout.geometry.processes ? memory.words[memory.layout.process(pid)]! - 1 : -1;
}

export function leafAt(memory: Memory, slot: number, page: number): LeafWord | undefined {
  if (slot < 0) return undefined;
  return memory
    .tree(memory.rootFrame(slot))
    .leaves.find((leaf) => leaf.page <= page && page < leaf.page + memory.layout.tables.span(leaf.level));
}

/** Low words of a leaf in every member of its table's ring. */
export function memberWords(memory: Memory, leaf: LeafWord): number[] {
  const { tables } = memory.layout;
  const frame = tables.frameOfEntry(leaf.index);
  const offset = leaf.index - tables.tableIndex(frame);
  return memory.ring(frame).map((member) => memory.words[tables.tableIndex(member) + offset]!);
}

/** A and D that any installed member has. */
export function gathered(memory: Memory, leaf: LeafWord): number {
  const words = memberWords(memory, leaf).filter((word) => (word & (PRESENT | PROT_NONE)) !== 0);
  return words.reduce((all, word) => all | (word & (ACCESSED | DIRTY)), 0);
}
