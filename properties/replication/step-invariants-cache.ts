/** What the page cache of the replication system owns and counts: I28. */
import type { Memory } from "./memory.js";
import type { Claim } from "./step-claims.js";

const cachePagesAreAClosedPool: Claim = {
  id: "I28",
  name: "cachePagesAreAClosedPool",
  why: "only populate brings pages to a cache and only drain takes them from it: one that comes or goes otherwise is stolen from its pool, or lost to the cache for ever (4.5)",
  violations({ memory: before }, operation, _, { memory: after }) {
    const broken: string[] = [];
    const isCommand = operation.kind === "writeProc" && operation.file === "cache";
    for (let node = 0; node < after.layout.nodes; node++) {
      const listed = after.cacheCount(node) - before.cacheCount(node);
      const used = pagesTaken(before, after, node);
      const { hits, returns } = counted(before, after, node);
      const change = () => `node ${node}: ${listed} on the list, ${used} in use, ${hits} hits, ${returns} returns`;
      if (!isCommand) {
        if (listed + used !== 0 || listed !== returns - hits)
          broken.push(`${change()} more, and none was populated or drained`);
        continue;
      }
      if (used !== 0) broken.push(`${change()} more: a command on the list changes no table`);
      if (listed > 0 && (returns !== listed || hits !== 0))
        broken.push(`${change()} more: what is populated counts as returned`);
      if (listed < 0 && (after.cacheCount(node) !== 0 || returns !== 0 || hits !== 0))
        broken.push(`${change()} more: draining empties the list and counts nothing`);
    }
    return broken;
  },
};

/** How many more tables of a node there are that came from its cache and have to go back there. */
function pagesTaken(before: Memory, after: Memory, node: number): number {
  const first = after.layout.tables.firstTableFrame(node);
  let more = 0;
  for (let frame = first; frame < first + after.layout.geometry.tableFrames; frame++) {
    if (after.hasDescriptorAlike(before, frame)) continue;
    more += (after.isFromCache(frame) ? 1 : 0) - (before.isFromCache(frame) ? 1 : 0);
  }
  return more;
}

function counted(before: Memory, after: Memory, node: number): { readonly hits: number; readonly returns: number } {
  const { statistics } = after.layout;
  const since = (first: number) => {
    const word = statistics.counter(first, node);
    return after.counts.counter(word) - before.counts.counter(word);
  };
  return { hits: since(statistics.cacheHits), returns: since(statistics.cacheReturns) };
}

export const cacheSteps: readonly Claim[] = [cachePagesAreAClosedPool];
