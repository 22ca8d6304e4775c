/** What a search may use up: the time that its user gives it, and the memory that there is. */
import { getHeapStatistics } from "node:v8";
import type { Limits } from "../../explore/machine.js";

const MILLISECONDS = 1000;
/** The heap's limit kills the process, so a search ends before it. */
const HEAP_SHARE_MAX = 0.85;
/** A process smaller than this is not what uses up the machine's memory. */
const LARGE_PROCESS = 2 ** 29;
/** What an enlargement may need at once, as a share of the process. */
const SHARE_KEPT_FREE = 0.5;
/** Looking at the memory takes as long as some groups of states. */
const MEMORY_EVERY = 256;

/**
 * Says what has run out, to a search that begins now.
 * @param seconds of wall time, above 0; without end unless given
 */
export function resources(seconds = Number.POSITIVE_INFINITY): NonNullable<Limits["ranOut"]> {
  const end = performance.now() + seconds * MILLISECONDS;
  let asked = 0;
  return () => {
    if (seconds !== Number.POSITIVE_INFINITY && performance.now() >= end) return "time";
    return asked++ % MEMORY_EVERY === 0 && isMemoryShort() ? "memory" : undefined;
  };
}

function isMemoryShort(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used > HEAP_SHARE_MAX * limit) return true;
  const resident = process.memoryUsage.rss();
  return resident > LARGE_PROCESS && process.availableMemory() < SHARE_KEPT_FREE * resident;
}
