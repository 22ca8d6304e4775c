/** fork: a second address space, leaf by leaf (D22, W8, W21). */
import { produce } from "immer";
import type { ProcessOperation } from "../../vocabulary/replication/operations.js";
import { enable } from "./enable.js";
import { indexAt } from "./geometry-math.js";
import { NO_NAME } from "./initial.js";
import { aggregate, inEveryMember } from "./leaf.js";
import { newSpace, teardown, withProcess } from "./lifecycle.js";
import { rangeAt } from "./ranges.js";
import { flushIf } from "./shootdown.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { makePaths } from "./tables.js";
import { knownTable, leaves, type PlacedLeaf, putEntry } from "./tree.js";
import { caller, changeSpace, spaceAt } from "./who.js";

export function fork(state: State, { cpu, pid }: Extract<ProcessOperation, { kind: "fork" }>): Step {
  const { geometry } = state;
  const { pid: parent, slot, space } = caller(state, cpu);
  const made = newSpace(state, cpu, space.cacheOnly);
  if (made === undefined) return refused(state, "ENOMEM");
  const child = made.slot;
  const copied = leaves(geometry, space);
  const paths = makePaths(made.state, child, cpu, copied);
  if (!paths.enough) return refused(teardown(paths.state, child), "ENOMEM");

  const isPrivate = (placed: PlacedLeaf) => rangeAt(space.ranges, placed.page)?.sharing === "private";
  const losing = copied.filter((placed) => isPrivate(placed) && placed.leaf.writable);
  const parted = writeProtected(paths.state, slot, losing);
  const filled = copied.reduce((now, placed) => childLeaf(now, child, placed, isPrivate(placed)), parted);
  const flushed = flushIf(
    losing.some(({ leaf }) => leaf.presence === "present"),
    filled,
    slot,
    cpu,
  );
  const { ranges, policy } = space;
  const name = state.statistics.names[parent] ?? NO_NAME;
  const born = withProcess(changeSpace(flushed, child, { ranges, policy }), pid, { tgid: pid, space: child }, name);
  return done(inheriting(born, child, space.nodes, parent), pid);
}

/** These leaves lose RW in every member of their ring (I16); A and D stay where they are. Nothing is counted (D10). */
function writeProtected(state: State, slot: number, losing: readonly PlacedLeaf[]): State {
  const { geometry } = state;
  const root = produce(spaceAt(state, slot).root, (draft) => {
    for (const { page, level } of losing) {
      let table = draft;
      let entry = table.entries[indexAt(geometry, page, table.level)];
      while (entry?.kind === "table" && table.level > level) {
        table = entry.table;
        entry = table.entries[indexAt(geometry, page, table.level)];
      }
      if (entry?.kind === "leaf") entry.writable = false;
    }
  });
  return changeSpace(state, slot, { root });
}

/** The child's leaf: the parent's frame; D is handed on only for private memory, A never. */
function childLeaf(state: State, child: number, { page, level, leaf }: PlacedLeaf, isPrivate: boolean): State {
  const value = aggregate(leaf);
  const writable = value.writable && !isPrivate;
  const dirty = value.dirty && isPrivate;
  const table = knownTable(state.geometry, spaceAt(state, child), page, level);
  return putEntry(state, child, page, level, inEveryMember({ ...value, writable, accessed: false, dirty }, table));
}

/** Replication as `inherit`, else as `mode` says; a failure is ignored and counted (W8). */
function inheriting(state: State, child: number, parentNodes: readonly number[], parent: number): State {
  const { onlineNodes } = state.geometry;
  if (state.inherit === 1 && parentNodes.length > 0) return enable(state, child, parentNodes, parent).state;
  if (state.mode === 1 && onlineNodes.length >= 2) return enable(state, child, onlineNodes, parent).state;
  return state;
}
