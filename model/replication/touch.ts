/** An access: the hardware's part (D8), the fault that it may take (D9), and faulting in without an access (D7). */

import { PagetwinError } from "../../vocabulary/errors.js";
import type { MemoryOperation } from "../../vocabulary/replication/operations.js";
import type { Served } from "../../vocabulary/replication/outcomes.js";
import { getAndClear, setAccessFlags, setLeaf } from "./entry-calls.js";
import { findRun, namedByAnother } from "./frames.js";
import { firstPage, nodeOfCpu, span } from "./geometry-math.js";
import { dropPage, tlbRefuses, tlbServes, walk } from "./hardware.js";
import { aggregate, allowsExecuting, allowsWriting, rightsAllow } from "./leaf.js";
import { rangeAround, rangeAt } from "./ranges.js";
import { flush } from "./shootdown.js";
import type { AddressSpace, Range, State } from "./state.js";
import { type Attempt, refused, type Step } from "./step.js";
import { makePaths, slotIsEmpty, unlinkAgain } from "./tables.js";
import { leafAt, type PlacedLeaf } from "./tree.js";
import { caller, spaceAt } from "./who.js";

type Touch = Extract<MemoryOperation, { kind: "touch" }>;

export function touch(state: State, { cpu, page, access }: Touch): Step {
  if (tlbServes(state, cpu, page, access)) return touched(state, "tlb");
  const first = tlbRefuses(state, cpu, page, access) ? { state, granted: false } : walk(state, cpu, page, access);
  if (first.granted) return touched(first.state, "walk");

  const faulting = dropPage(first.state, cpu, page);
  const { slot, space } = caller(faulting, cpu);
  const range = rangeAt(space.ranges, page);
  if (range === undefined) return { state: faulting, outcome: { kind: "segfault", reason: "no-range" } };
  if (!rightsAllow(range.rights, access)) return { state: faulting, outcome: { kind: "segfault", reason: "rights" } };

  const placed = leafAt(state.geometry, space, page);
  if (placed?.leaf.presence === "moving") return { state: faulting, outcome: { kind: "waits" } };
  if (placed === undefined) {
    const installed = install(faulting, slot, cpu, page, range);
    return installed.enough
      ? again(installed.state, { cpu, page, access }, "fault")
      : refused(installed.state, "ENOMEM");
  }
  if (access !== "write" || placed.leaf.writable) return again(faulting, { cpu, page, access }, "fault");
  if (range.sharing === "private" && namedByAnother(faulting, slot, placed)) {
    const copied = copyOnWrite(faulting, slot, cpu, placed);
    return copied.enough ? again(copied.state, { cpu, page, access }, "copy") : refused(copied.state, "ENOMEM");
  }
  return again(setAccessFlags(faulting, slot, placed), { cpu, page, access }, "fault");
}

function touched(state: State, served: Served): Step {
  return { state, outcome: { kind: "touched", served } };
}

/** The access is repeated and succeeds. */
function again(state: State, { cpu, page, access }: Omit<Touch, "kind">, served: Served): Step {
  const second = walk(state, cpu, page, access);
  if (!second.granted) throw new PagetwinError("UNREACHABLE", `page ${page} faults again after its fault was handled`);
  return touched(second.state, served);
}

/** Where data is wanted: as the space's policy says, or on the acting CPU's node (D9). */
export function dataNode(state: State, space: AddressSpace, cpu: number): number {
  return space.policy === -1 ? nodeOfCpu(state.geometry, cpu) : space.policy;
}

/** D9, W20: tables, then a new leaf for a page that has none. */
export function install(state: State, slot: number, cpu: number, page: number, range: Range): Attempt {
  const { geometry } = state;
  const space = spaceAt(state, slot);
  const node = dataNode(state, space, cpu);
  const level = leafLevel(state, slot, node, page, range);
  const first = firstPage(geometry, page, level);

  const path = makePaths(state, slot, cpu, [{ page, level }]);
  if (!path.enough) return path;
  const frame = findRun(path.state, node, level, first);
  if (frame === undefined) return { state: unlinkAgain(path.state, slot, path.linked), enough: false };
  const value = {
    presence: "present" as const,
    frame,
    writable: allowsWriting(range.rights),
    executable: allowsExecuting(range.rights),
    accessed: false,
    dirty: false,
  };
  return { state: setLeaf(path.state, slot, first, level, value), enough: true };
}

/** The largest level whose aligned span lies in the range, whose entry is empty, and for which a run is free. */
function leafLevel(state: State, slot: number, node: number, page: number, range: Range): number {
  const { geometry } = state;
  for (let level: number = range.leaf; level > 1; level--) {
    const first = firstPage(geometry, page, level);
    const inRange = rangeAround([range], first, span(geometry, level)) !== undefined;
    if (inRange && slotIsEmpty(state, slot, page, level) && findRun(state, node, level, first) !== undefined)
      return level;
  }
  return 1;
}

/** W21: a frame of its own for a private leaf whose frame another leaf names too. */
function copyOnWrite(state: State, slot: number, cpu: number, placed: PlacedLeaf): Attempt {
  const { page, level, leaf } = placed;
  const frame = findRun(state, dataNode(state, spaceAt(state, slot), cpu), level, page);
  if (frame === undefined) return { state, enough: false };
  const flushed = flush(getAndClear(state, slot, placed), slot, cpu);
  const value = { ...aggregate(leaf), frame, writable: true, accessed: true, dirty: true };
  return { state: setLeaf(flushed, slot, page, level, value), enough: true };
}
