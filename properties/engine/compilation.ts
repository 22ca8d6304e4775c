/**
 * How the engine of JavaScript compiles while samples are drawn, and while a state space is searched. Nothing but time
 * depends on it.
 *
 * A sample runs some two thousand functions some ten thousand times each. To put small functions into larger ones, as far
 * as the engine does it by default, then costs more than it saves: half of a sample's CPU time went into it, on threads
 * beside the one that samples.
 *
 * A search runs a few dozen functions millions of times, and a hundred others some thousand times. By default the engine
 * optimises all of them within the first tenth of a second, some of them several times because it has not yet seen all that
 * they do. To wait longer leaves the hundred as they are, and the few dozen are optimised once.
 */
import v8 from "node:v8";

interface Setting {
  readonly flag: string;
  readonly byDefault: number;
  readonly chosen: number;
}

/** Bytecode that is put into one compiled function at most, in bytes. */
const INLINING: Setting = { flag: "--max-inlined-bytecode-size-cumulative", byDefault: 920, chosen: 200 };
/** Bytecode that a function runs through before the engine asks whether to optimise it, in bytes. */
const PATIENCE: Setting = { flag: "--interrupt-budget", byDefault: 67_584, chosen: 500_000 };

/** Does `work` with little inlining, unless whoever started the process has said how much he wants. */
export function inliningLittle<Result>(work: () => Result): Result {
  return withSetting(INLINING, work);
}

/** Does `work` with late optimisation, unless whoever started the process has said how late he wants it. */
export function optimisingLate<Result>(work: () => Result): Result {
  return withSetting(PATIENCE, work);
}

function withSetting<Result>({ flag, byDefault, chosen }: Setting, work: () => Result): Result {
  const isSaid = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].some((option) => option.includes(`${flag}=`));
  if (isSaid) return work();
  v8.setFlagsFromString(`${flag}=${chosen}`);
  try {
    return work();
  } finally {
    v8.setFlagsFromString(`${flag}=${byDefault}`);
  }
}
