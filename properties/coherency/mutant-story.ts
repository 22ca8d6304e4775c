/** The shortest way in which a mutant breaks, told: two kernels in every mode, and three where two show nothing. */
import type { Hunt } from "../engine/hunt.js";
import type { Mutant } from "../engine/system.js";
import { configurationOf, huntCoherencyMutant, type MutantVerdict } from "./mutant-hunt.js";
import type { CoherencyMutant } from "./mutants.js";
import { type CoherencyShape, mutantOf, nameOfShape } from "./shape.js";
import { unfold } from "./unfold.js";
import { storyOfViolation } from "./whole-space.js";

const KERNELS = [2, 3] as const;
/** States of one mode: more than any of three kernels has modulo renaming. */
const STATES_MAX = 2 ** 24;

/** @param statesMax of each mode */
export function huntForStory(mutant: Mutant, statesMax: number = STATES_MAX): Hunt {
  const own = mutantOf(mutant.id);
  const exhausted: string[] = [];
  const unfinished: string[] = [];
  for (const kernels of KERNELS) {
    const found = huntCoherencyMutant(own, kernels, statesMax);
    const names = (wanted: MutantVerdict["verdict"]) =>
      found.filter(({ verdict }) => verdict === wanted).map((one) => nameOfShape(shapeOf(own, kernels, one)));
    exhausted.push(...names("harmless"));
    unfinished.push(...names("unknown"));
    const [shortest] = found.filter(({ verdict }) => verdict === "killed").toSorted((a, b) => a.steps - b.steps);
    if (shortest === undefined) continue;
    const counterexample = tellKill(own, kernels, shortest);
    const unexpected = !mutant.killers.includes(counterexample.violation.invariant);
    return { mutant, verdict: "killed", counterexample, unexpected, exhausted, unfinished };
  }
  const verdict = unfinished.length === 0 ? "equivalent" : "survived";
  return { mutant, verdict, counterexample: undefined, unexpected: false, exhausted, unfinished };
}

function shapeOf({ id, profile }: CoherencyMutant, kernels: number, { channels, exit }: MutantVerdict): CoherencyShape {
  return { kernels, channels, exit, profile, without: id, claim: null };
}

function tellKill(mutant: CoherencyMutant, kernels: number, found: MutantVerdict) {
  const { path, isFolded, violation } = found;
  const raw = isFolded ? unfold(configurationOf(mutant, kernels, found), path) : path;
  return storyOfViolation(shapeOf(mutant, kernels, found), raw, violation!);
}
