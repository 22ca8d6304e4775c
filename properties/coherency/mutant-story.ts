/** The shortest way in which a mutant breaks, told: two kernels in every mode, and three where two show nothing. */
import type { Hunt } from "../engine/hunt.js";
import type { Mutant } from "../engine/system.js";
import { configurationOf, huntCoherencyMutant, type MutantLimits, type MutantVerdict } from "./mutant-hunt.js";
import type { CoherencyMutant } from "./mutants.js";
import { type CoherencyShape, mutantOf, nameOfShape } from "./shape.js";
import { unfold } from "./unfold.js";
import { storyOfViolation } from "./whole-space.js";

const KERNELS = [2, 3] as const;

/** A hunt, and what it came to in each mode. */
export interface CoherencyHunt extends Hunt {
  /** Where the rule comes from: rows A, additions R, sections of the paper. */
  readonly source: string;
  readonly modes: readonly ModeResult[];
}

export interface ModeResult extends Pick<MutantVerdict, "channels" | "exit" | "verdict"> {
  readonly kernels: number;
  /** The claim that breaks first, and after how many steps; null where none does. */
  readonly claim: string | null;
  readonly steps: number | null;
}

/**
 * Every mode with two and three kernels; the story is the shortest of the fewest kernels that show one.
 * @param limits of the search in each mode
 */
export function huntForStory(mutant: Mutant, limits: MutantLimits = {}): CoherencyHunt {
  const own = mutantOf(mutant.id);
  const found = KERNELS.flatMap((kernels) =>
    huntCoherencyMutant(own, kernels, limits).map((verdict) => ({ ...verdict, kernels })),
  );
  const namesOf = (wanted: MutantVerdict["verdict"]) =>
    found.filter(({ verdict }) => verdict === wanted).map((one) => nameOfShape(shapeOf(own, one.kernels, one)));
  const exhausted = namesOf("harmless");
  const unfinished = namesOf("unknown");
  const [shortest] = found
    .filter(({ verdict }) => verdict === "killed")
    .toSorted((a, b) => a.kernels - b.kernels || a.steps - b.steps);
  const counterexample = shortest === undefined ? undefined : tellKill(own, shortest.kernels, shortest);
  const ended = unfinished.length === 0 ? "equivalent" : "unfinished";
  return {
    mutant,
    verdict: counterexample === undefined ? ended : "killed",
    counterexample,
    unexpected: counterexample !== undefined && !mutant.killers.includes(counterexample.violation.invariant),
    exhausted,
    unfinished,
    source: own.source,
    modes: found.map(({ kernels, channels, exit, verdict, claim, steps }) => {
      const isKilled = verdict === "killed";
      return { kernels, channels, exit, verdict, claim: isKilled ? claim : null, steps: isKilled ? steps : null };
    }),
  };
}

function shapeOf({ id, profile }: CoherencyMutant, kernels: number, { channels, exit }: MutantVerdict): CoherencyShape {
  return { kernels, channels, exit, profile, without: id, claim: null };
}

function tellKill(mutant: CoherencyMutant, kernels: number, found: MutantVerdict) {
  const { path, isFolded, violation } = found;
  const raw = isFolded ? unfold(configurationOf(mutant, kernels, found), path) : path;
  return storyOfViolation(shapeOf(mutant, kernels, found), raw, violation!);
}
