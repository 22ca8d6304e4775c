/**
 * How the engine of JavaScript compiles while samples are drawn, and while a state space is searched. Nothing but time
 * depends on it.
 *
 * A sample runs some two thousand functions some ten thousand times each. To put small functions into larger ones, as far
 * as the engine does it by default, then costs more than it saves: a fifth of a sample's CPU time goes into it, on threads
 * beside the one that samples.
 *
 * A search runs a few dozen functions millions of times, and a hundred others some thousand times. By default the engine
 * optimises all of them within the first tenth of a second, some of them several times because it has not yet seen all that
 * they do. To wait longer leaves the hundred as they are, and the few dozen are optimised once.
 *
 * Both are about V8's last compiler. Newer versions have one before it that is fast, or wait longer by themselves: there
 * the same settings gain nothing, or are no longer known, and V8 complains of what it does not know. So each version gets
 * what was measured on it, and one that is not listed is left alone.
 */
import v8 from "node:v8";

/** A flag of V8, and the value that it is put back to. */
export interface Setting {
  readonly flag: string;
  readonly byDefault: number;
  readonly chosen: number;
}

export interface Settings {
  readonly sampling?: Setting;
  readonly searching?: Setting;
}

/** Bytecode that is put into one compiled function at most, in bytes. */
const INLINING: Setting = { flag: "--max-inlined-bytecode-size-cumulative", byDefault: 920, chosen: 200 };
/** Bytecode that a function runs through before the engine asks whether to optimise it, in bytes. */
const PATIENCE: Setting = { flag: "--interrupt-budget", byDefault: 67_584, chosen: 500_000 };

/** By the first two numbers of V8's version. */
const MEASURED: ReadonlyMap<string, Settings> = new Map([
  ["11.3", { sampling: INLINING, searching: PATIENCE }], // Node 20
  ["12.4", { sampling: INLINING }], // Node 22
]);

/** What helps on a version of V8, as `process.versions.v8` names it; nothing on one that nobody has measured. */
export function settingsOf(version: string): Settings {
  return MEASURED.get(version.split(".").slice(0, 2).join(".")) ?? {};
}

const HERE = settingsOf(process.versions.v8);

/** Does `work` with little inlining, unless whoever started the process has said how much he wants. */
export function inliningLittle<Result>(work: () => Result): Result {
  return withSetting(HERE.sampling, work);
}

/** Does `work` with late optimisation, unless whoever started the process has said how late he wants it. */
export function optimisingLate<Result>(work: () => Result): Result {
  return withSetting(HERE.searching, work);
}

function withSetting<Result>(setting: Setting | undefined, work: () => Result): Result {
  if (setting === undefined || isSaid(setting.flag)) return work();
  const { flag, byDefault, chosen } = setting;
  v8.setFlagsFromString(`${flag}=${chosen}`);
  try {
    return work();
  } finally {
    v8.setFlagsFromString(`${flag}=${byDefault}`);
  }
}

/** V8 takes underscores for dashes. */
function isSaid(flag: string): boolean {
  const options = [...process.execArgv, process.env.NODE_OPTIONS ?? ""];
  return options.some((option) => option.replaceAll("_", "-").includes(`${flag}=`));
}
