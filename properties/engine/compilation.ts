/**
 * How the engine of JavaScript compiles while samples are drawn.
 *
 * A sample runs some two thousand functions some ten thousand times each. To put small functions into larger ones, as far
 * as the engine does it by default, then costs more than it saves: half of a sample's CPU time went into it, on threads
 * beside the one that samples. Nothing but time depends on it.
 */
import v8 from "node:v8";

/** Bytecode that is put into one compiled function at most, in bytes. */
const FLAG = "--max-inlined-bytecode-size-cumulative";
const BY_DEFAULT = 920;
const WHILE_SAMPLING = 200;

/** Does `work` with little inlining, unless whoever started the process has said how much he wants. */
export function inliningLittle<Result>(work: () => Result): Result {
  const isSaid = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].some((option) => option.includes(FLAG));
  if (isSaid) return work();
  v8.setFlagsFromString(`${FLAG}=${WHILE_SAMPLING}`);
  try {
    return work();
  } finally {
    v8.setFlagsFromString(`${FLAG}=${BY_DEFAULT}`);
  }
}
