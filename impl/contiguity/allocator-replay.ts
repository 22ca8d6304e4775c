/** Runs an allocator script: one JSON object a step, with its result and the whole state after it. */
import {
  type AllocatorOperation,
  type AllocatorOutcome,
  FAILURES,
  SUCCESSES,
} from "../../vocabulary/contiguity/allocator.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { ContiguityAllocator } from "./allocator.js";
import { AllocatorLayout, NONE } from "./allocator-layout.js";
import type { ProcFile, Script } from "./allocator-script.js";
import { KernelAssertion } from "./contiguity-map.js";
import { contiguityMapText, failureText, successText, totalText } from "./proc-text.js";

const PROC_TEXT: Readonly<Record<ProcFile, (allocator: ContiguityAllocator) => string>> = {
  procmap: contiguityMapText,
  procfail: failureText,
  procsucc: successText,
  proctotal: totalText,
};

/**
 * Yields the lines, without line ends. After a failed assertion of the kernel nothing follows.
 * @throws PagetwinError `FORMAT` naming the line that frees what cannot be freed
 */
export function* replayScript({ shape, steps }: Script): Generator<string> {
  const words = new Int32Array(new AllocatorLayout(shape).end);
  const allocator = new ContiguityAllocator(words, shape);
  allocator.initialise();
  yield JSON.stringify({ step: 0, op: "init", zones: zonesOf(allocator) });
  for (const [index, { text, line, does }] of steps.entries()) {
    const head = { step: index + 1, op: text };
    if (typeof does === "string") {
      yield JSON.stringify({ ...head, text: PROC_TEXT[does](allocator), ...stateOf(allocator) });
      continue;
    }
    if (does.kind === "free") checkFree(allocator, does.frame, does.order, line);
    const outcome = performOperation(allocator, does);
    yield JSON.stringify({ ...head, ...fieldsOf(allocator, does, outcome), ...stateOf(allocator) });
    if (outcome.kind === "fatal") return;
  }
}

/** All of the block must be in use or at least out of every list: what is free or reserved already would be listed twice. */
function checkFree({ buddy, layout }: ContiguityAllocator, frame: number, order: number, line: number): void {
  const expected = (what: string): PagetwinError => new PagetwinError("FORMAT", `line ${line}: free: expected ${what}`);
  for (let each = frame; each < frame + 2 ** order; each++) {
    if (layout.zoneOf(each) === NONE) throw expected(`frames of a zone, frame ${each} is in none`);
    const block = buddy.listedBlockOf(each);
    if (block !== NONE) throw expected(`frames in use, frame ${each} is ${buddy.isFree(block) ? "free" : "reserved"}`);
  }
}

/** Does one operation. The items that it names must exist in the shape. */
export function performOperation(allocator: ContiguityAllocator, operation: AllocatorOperation): AllocatorOutcome {
  try {
    return performUnguarded(allocator, operation);
  } catch (error) {
    if (error instanceof KernelAssertion) return { kind: "fatal", assertion: error.message };
    throw error;
  }
}

function performUnguarded(allocator: ContiguityAllocator, operation: AllocatorOperation): AllocatorOutcome {
  const { layout, buddy, offsets, files } = allocator;
  switch (operation.kind) {
    case "area":
      offsets.declare(operation.area, operation.first, operation.end);
      return { kind: "done" };
    case "duplicate":
      offsets.duplicate(operation.from, operation.to);
      return { kind: "done" };
    case "fault":
      return outcomeOf(allocator, allocator.fault(operation.area, operation.page, operation.order));
    case "allocate":
      return outcomeOf(allocator, allocator.allocate(operation.order));
    case "free":
      allocator.free(operation.frame, operation.order);
      return { kind: "done" };
    case "place": {
      allocator.order = operation.order;
      allocator.isEndless = false;
      allocator.way = "placement-or-realigned";
      if (!operation.takes)
        return outcomeOf(allocator, allocator.placement.place(layout.normalZone(0), operation.pages));
      const frame = allocator.placement.placeAndTake(layout.normalZone(0), operation.pages, operation.order);
      if (frame !== NONE) buddy.use(frame, 1);
      return outcomeOf(allocator, frame);
    }
    case "target": {
      allocator.order = operation.order;
      allocator.isEndless = false;
      const frame = allocator.target.take(layout.normalZone(0), operation.frame, operation.order, operation.pages);
      allocator.way = frame === operation.frame ? "target" : "placement-or-realigned";
      if (frame !== NONE) buddy.use(frame, 1);
      return outcomeOf(allocator, frame);
    }
    case "file":
      files.declare(operation.file, operation.pages);
      return { kind: "done" };
    case "readahead":
      return outcomeOf(allocator, allocator.readAhead(operation.file, operation.page));
    case "drop":
      files.drop(operation.file);
      return { kind: "done" };
  }
}

function outcomeOf(allocator: ContiguityAllocator, frame: number): AllocatorOutcome {
  if (frame === NONE) return { kind: "none", endless: allocator.isEndless };
  return { kind: "frame", frame, order: allocator.order, way: allocator.way };
}

function fieldsOf(allocator: ContiguityAllocator, operation: AllocatorOperation, outcome: AllocatorOutcome): object {
  if (outcome.kind === "fatal") return { result: null, fatal: true };
  if (outcome.kind === "done") return {};
  const result = { result: outcome.kind === "frame" ? outcome.frame : null };
  const via = outcome.kind === "frame" ? { via: outcome.way } : {};
  const endless = outcome.kind === "none" && outcome.endless ? { livelock: true } : {};
  switch (operation.kind) {
    case "fault": {
      const { offsets } = allocator;
      const table = { sub_vma: offsets.entries(operation.area), sub_vma_next: offsets.nextSlot(operation.area) };
      return { ...result, ...via, ...endless, ...table };
    }
    case "readahead":
      return { ...result, ...via, offset: allocator.files.offset(operation.file) };
    default:
      return result;
  }
}

function zonesOf(allocator: ContiguityAllocator): object[] {
  const { buddy, layout } = allocator;
  return layout.shape.zones.map(({ name }, zone) => {
    const lists: Record<number, number[]> = {};
    for (let order = 0; order < layout.orders; order++) {
      const blocks = buddy.lists.blocks(layout.freeList(zone, order));
      if (blocks.length > 0) lists[order] = blocks;
    }
    const rover = buddy.map.rover(zone);
    return {
      name,
      free_counter: buddy.freeFrames(zone),
      lists,
      map: buddy.map.ranges(zone),
      rover: rover === NONE ? null : rover,
      reserved_frames: buddy.reservedFrames(zone),
    };
  });
}

function stateOf(allocator: ContiguityAllocator): object {
  const { counters, layout } = allocator;
  const failure: Record<string, number> = {};
  const success: Record<string, number> = {};
  for (const reason of FAILURES) {
    for (let order = 0; order < layout.orders; order++) {
      const count = counters.failures(order, reason);
      if (count > 0) failure[`${reason}/${order}`] = count;
    }
  }
  for (const category of SUCCESSES) {
    for (let order = 0; order < layout.orders; order++) {
      const count = counters.successes(order, category);
      if (count > 0) success[`${category}/${order}`] = count;
    }
  }
  const { attempts, warnings } = counters;
  return { zones: zonesOf(allocator), total_alloc: attempts, failure, success, warnings };
}
