/** alias: the frames of a shared range mapped a second time (D18). */
import type { MemoryOperation } from "../../vocabulary/replication/operations.js";
import { setLeaf } from "./entry-calls.js";
import { span } from "./geometry-math.js";
import { splitLeaf } from "./large.js";
import { aggregate } from "./leaf.js";
import { leafMove, pagesOfHole } from "./moving.js";
import { joined, meetsRange, rangeAround } from "./ranges.js";
import { flushIf } from "./shootdown.js";
import type { State } from "./state.js";
import { type Attempt, done, refused, type Step } from "./step.js";
import { makePaths } from "./tables.js";
import { leafAt, leavesWithin, meetsMovingLeaf, type PlacedLeaf } from "./tree.js";
import { caller, changeSpace, spaceAt } from "./who.js";

type Alias = Extract<MemoryOperation, { kind: "alias" }>;

export function alias(state: State, operation: Alias): Step {
  const { cpu, page, pages, to } = operation;
  const { geometry } = state;
  const { slot, space } = caller(state, cpu);
  const range = rangeAround(space.ranges, page, pages);
  if (range === undefined || range.sharing !== "shared") return refused(state, "EFAULT");
  if (range.rights === "---") return refused(state, "EINVAL");
  if ([page, to, pages].some((each) => each % span(geometry, range.leaf) !== 0)) return refused(state, "EINVAL");
  if (meetsRange(space.ranges, to, pages)) return refused(state, "EEXIST");
  if (meetsMovingLeaf(geometry, space, page, pages)) return refused(state, "EBUSY");
  const ranges = joined(space.ranges, [{ ...range, page: to, pages }]);
  if (ranges.length > geometry.ranges) return refused(state, "ENOMEM");

  const fitting = splitMisfits(state, slot, operation);
  const sources = leavesWithin(geometry, spaceAt(fitting.state, slot), page, pages).filter(
    ({ leaf }) => leaf.presence === "present",
  );
  const target = (placed: PlacedLeaf) => to + placed.page - page;
  const places = sources.map((placed) => ({ page: target(placed), level: placed.level }));
  const paths = fitting.enough ? makePaths(fitting.state, slot, cpu, places) : fitting;
  if (!paths.enough) return refused(flushIf(fitting.split, paths.state, slot, cpu), "ENOMEM");

  const aliased = sources.reduce(
    (now, placed) => {
      const value = { ...aggregate(placed.leaf), accessed: false, dirty: false };
      return setLeaf(now, slot, target(placed), placed.level, value);
    },
    changeSpace(paths.state, slot, { ranges }),
  );
  return done(flushIf(fitting.split, aliased, slot, cpu), sources.length);
}

/** A large leaf that cannot be named at its own level at the target, or is not wholly in the source, is split first. */
function splitMisfits(
  state: State,
  slot: number,
  { cpu, page, pages, to }: Alias,
): Attempt & { readonly split: boolean } {
  const { geometry } = state;
  let now = state;
  let split = false;
  let offset = 0;
  while (offset < pages) {
    const rest = { page: page + offset, to: to + offset, pages: pages - offset };
    const placed = leafAt(geometry, spaceAt(now, slot), rest.page);
    if (placed === undefined) {
      offset += pagesOfHole(now, slot, rest.page);
    } else if (leafMove(now, slot, rest, placed) !== undefined) {
      offset += span(geometry, placed.level);
    } else {
      const attempt = splitLeaf(now, slot, cpu, placed);
      now = attempt.state;
      if (!attempt.enough) return { state: now, split, enough: false };
      split = true;
    }
  }
  return { state: now, split, enough: true };
}
