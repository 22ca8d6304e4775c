/** `pagetwin replay FILE`: a counterexample again, step by step. */
import type { AnySystem } from "../properties/engine/any-system.js";
import type { Counterexample } from "../properties/engine/counterexample.js";
import { type Replayed, replay as replayDocument } from "../properties/engine/replay.js";
import { type Repeated, replayThreads } from "../properties/engine/stress-story.js";
import { tell } from "../properties/engine/tell.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { chart, counted } from "./chart.js";
import { chartOptions } from "./chart-options.js";
import { readCounterexample } from "./counterexample-file.js";
import { EXIT } from "./report.js";
import type { Terminal } from "./terminal.js";

const CODES = { recurs: EXIT.violated, holds: EXIT.held, inapplicable: EXIT.badInput } as const;

export interface ReplayOptions {
  readonly json?: boolean;
  /** Most runs of real threads, from 1; one unless given. */
  readonly runs?: number;
}

/**
 * @param load finds the system by name
 * @returns the exit code: 1 if the violation recurs, 0 if it does not, 2 if a step no longer applies
 * @throws PagetwinError for a file that is no counterexample, or is one of an unknown system
 */
export async function replay(
  file: string,
  options: ReplayOptions,
  terminal: Terminal,
  load: (name: string) => Promise<AnySystem>,
): Promise<number> {
  const document = readCounterexample(file);
  const system = await load(document.system).catch((error: unknown) => {
    throw new PagetwinError("FORMAT", `${file}: ${(error as Error).message}`);
  });
  let repeated: Repeated | undefined;
  let replayed: Replayed;
  try {
    if (document.engine === "stress") repeated = await replayThreads(system, document, options.runs ?? 1);
    replayed = repeated?.replayed ?? replayDocument(system, document);
  } catch (error) {
    throw new PagetwinError("FORMAT", `${file}: ${(error as Error).message}`);
  }
  terminal.out(
    options.json
      ? json(file, document, replayed, repeated)
      : `${chart(asItHappens(system, document, replayed), chartOptions(system, document, terminal))}\n${says(document, replayed)}${repeatedSays(repeated)}\n`,
  );
  return CODES[replayed.verdict];
}

/** The story with today's answers and changes where it recurs, and as it was written down where it does not. */
function asItHappens(system: AnySystem, document: Counterexample, replayed: Replayed): Counterexample {
  if (replayed.verdict !== "recurs") return document;
  if (document.engine === "stress") {
    return { ...document, violation: { ...document.violation, witness: replayed.breach.witness } };
  }
  if (document.engine === "interleave") return document; // its turns say what they access; the words are the program's
  const operations = document.steps.map(({ operation }) => operation);
  const { engine, mutant, scope, seed, minimality } = document;
  return tell(system, { engine, mutant: mutant?.id ?? null, scope, seed, minimality, operations }) ?? document;
}

function says({ violation }: Counterexample, replayed: Replayed): string {
  if (replayed.verdict === "holds") return `it does not recur: all steps were done, and ${violation.name} holds`;
  if (replayed.verdict === "inapplicable") {
    const place = replayed.step === 0 ? "the set-up" : `step ${replayed.step}`;
    return `${place} no longer applies: ${replayed.why}`;
  }
  const { invariant, name } = replayed.breach;
  if (invariant === violation.invariant) return `it recurs: ${invariant} ${name}, after step ${replayed.step}`;
  return `another violation: ${invariant} ${name} after step ${replayed.step}, where the document has ${violation.invariant}`;
}

/** Real threads need not come out the same. */
function repeatedSays(repeated: Repeated | undefined): string {
  if (repeated === undefined || repeated.replayed.verdict === "inapplicable") return "";
  const { runs, replayed } = repeated;
  return replayed.verdict === "recurs"
    ? `; in run ${runs} of real threads`
    : `; ${counted(runs, "run")} of real threads, which proves nothing`;
}

function json(file: string, { system }: Counterexample, replayed: Replayed, repeated: Repeated | undefined): string {
  const { verdict } = replayed;
  const details =
    replayed.verdict === "recurs"
      ? { step: replayed.step, invariant: replayed.breach.invariant, witness: replayed.breach.witness }
      : replayed.verdict === "inapplicable"
        ? { step: replayed.step, why: replayed.why }
        : {};
  const runs = repeated === undefined ? {} : { runs: repeated.runs };
  return `${JSON.stringify({ version: 1, file, system, verdict, ...details, ...runs }, null, 2)}\n`;
}
