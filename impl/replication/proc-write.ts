/** Writing to the files in /proc/mitosis (section 3, section 5). */
import { PROC_INPUT_MAX, type ProcFile } from "../../vocabulary/replication/proc.js";
import { EINVAL } from "./codes.js";
import { clearHistory } from "./history.js";
import type { Kernel } from "./kernel.js";

/** Numbers beyond a 32-bit integer are clamped there. */
const NUMBER_MAX = 2 ** 31 - 1;
const NUMBER_MIN = -(2 ** 31);
const NUMBER = /^[ \t\n\v\f\r]*([+-]?[0-9]+)[ \t\n\v\f\r]*$/;
/** Commands of `cache` and `history`. */
const CLEAR = -1;
const ZERO_COUNTERS = -2;

/** @returns 0 or EINVAL */
export function writeProc(kernel: Kernel, file: ProcFile, text: string): number {
  if (text.length > PROC_INPUT_MAX) return EINVAL;
  const digits = NUMBER.exec(text)?.[1];
  if (digits === undefined) return EINVAL;
  const number = Math.min(NUMBER_MAX, Math.max(NUMBER_MIN, Number(digits)));
  switch (file) {
    case "mode":
      kernel.spaces.setMode(Math.min(1, Math.max(-1, number)));
      return 0;
    case "inherit":
      kernel.spaces.setInherit(number > 0 ? 1 : -1);
      return 0;
    case "history":
      if (number !== CLEAR) return EINVAL;
      clearHistory(kernel);
      return 0;
    case "cache":
      return writeCache(kernel, number);
    default:
      return EINVAL;
  }
}

function writeCache(kernel: Kernel, number: number): number {
  const { cache, counters, layout } = kernel;
  if (number === CLEAR) {
    for (let node = 0; node < layout.nodes; node++) cache.drain(node);
    return 0;
  }
  if (number === ZERO_COUNTERS) {
    counters.zero(counters.at.cacheHits, counters.at.counter(counters.at.cacheReturns, layout.nodes));
    return 0;
  }
  if (number <= 0) return EINVAL;
  for (const node of layout.geometry.onlineNodes) cache.populate(node, number);
  return 0;
}
