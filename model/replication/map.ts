/** map: a new range (D2, D7, W20). */
import type { MemoryOperation } from "../../vocabulary/replication/operations.js";
import { span } from "./geometry-math.js";
import { joined, meetsRange, rangeAt } from "./ranges.js";
import type { Range, State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { install } from "./touch.js";
import { leafAt } from "./tree.js";
import { caller, changeSpace, spaceAt } from "./who.js";

export function map(state: State, operation: Extract<MemoryOperation, { kind: "map" }>): Step {
  const { cpu, page, pages, rights, sharing, leaf, populate } = operation;
  const { geometry } = state;
  const { slot, space } = caller(state, cpu);
  if (leaf >= geometry.levels) return refused(state, "EINVAL");
  if (page % span(geometry, leaf) !== 0 || pages % span(geometry, leaf) !== 0) return refused(state, "EINVAL");
  if (meetsRange(space.ranges, page, pages)) return refused(state, "EEXIST");
  const range = { page, pages, rights, sharing, leaf };
  const ranges = joined(space.ranges, [range]);
  if (ranges.length > geometry.ranges) return refused(state, "ENOMEM");
  const mapped = changeSpace(state, slot, { ranges });
  return populate && rights !== "---" ? populated(mapped, slot, cpu, range) : done(mapped);
}

/** Every page in ascending order, as a read would fault it in but without the read; no memory ends it quietly. */
function populated(state: State, slot: number, cpu: number, { page, pages }: Range): Step {
  let now = state;
  let installed = 0;
  for (let each = page; each < page + pages; each++) {
    const space = spaceAt(now, slot);
    if (leafAt(state.geometry, space, each) !== undefined) continue; // a large leaf that was installed before it
    const range = rangeAt(space.ranges, each);
    if (range === undefined) continue;
    const attempt = install(now, slot, cpu, each, range);
    now = attempt.state;
    if (!attempt.enough) break;
    installed++;
  }
  return done(now, installed);
}
