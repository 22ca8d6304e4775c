/** Looks for the shortest way in which a mutant of the protocol breaks, in each mode of channels and exit. */
import type { Violation } from "../../explore/exploration.js";
import { type Configuration, configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";
import { resources } from "../engine/resources.js";
import type { CoherencyMutant } from "./mutants.js";
import { searchCoherency } from "./search.js";

export interface MutantVerdict {
  readonly channels: Configuration["channels"];
  readonly exit: Configuration["exit"];
  /** `killed` by the claim after so many steps; `harmless` in this whole space; `unknown` when a limit cut the search. */
  readonly verdict: "killed" | "harmless" | "unknown";
  readonly claim: string;
  readonly steps: number;
  /** Actions of the explored machine, from the initial state. Symmetric searches rename kernels on the way. */
  readonly path: readonly number[];
  /** Whether the path is one modulo renaming of kernels. */
  readonly isFolded: boolean;
  /** What broke, as the explorer says it. */
  readonly violation: Violation | undefined;
}

export const MUTANT_MODES = [
  { channels: "fifo", exit: "atomic" },
  { channels: "fifo", exit: "delayed" },
  { channels: "unordered", exit: "atomic" },
  { channels: "unordered", exit: "delayed" },
] as const;

/** Of the search in each mode. */
export interface MutantLimits {
  /** Most states; by default more than any space of three kernels has modulo renaming. */
  readonly states?: number | undefined;
  /** Most seconds of wall time; by default any number. */
  readonly seconds?: number | undefined;
}

const STATES_MAX = 2 ** 24;

export function huntCoherencyMutant(
  mutant: CoherencyMutant,
  kernels: number,
  limits: MutantLimits = {},
): MutantVerdict[] {
  return MUTANT_MODES.map((mode) => huntInMode(mutant, configurationOf(mutant, kernels, mode), limits));
}

/** The space in which a mutant is looked for. */
export function configurationOf(
  mutant: CoherencyMutant,
  kernels: number,
  mode: Pick<Configuration, "channels" | "exit">,
): Configuration {
  const rules = { ...PROFILES[mutant.profile], ...mutant.rules };
  return configuration({ ...mode, kernels, rules, ties: mutant.ties ?? "absorbed" });
}

function huntInMode(mutant: CoherencyMutant, scope: Configuration, limits: MutantLimits): MutantVerdict {
  // Claims on one kernel (P9) need the raw space; for three kernels the quotient saves five states of six.
  const symmetry = scope.kernels === 2 || mutant.ties === "explicit" ? "off" : "on";
  const { states = STATES_MAX, seconds } = limits;
  const bounds = { states, ranOut: resources(seconds) };
  const found = searchCoherency(scope, { symmetry, progress: symmetry === "off", limits: bounds });
  const { channels, exit } = scope;
  const broken = found.violations[0];
  const isFolded = symmetry === "on";
  if (broken === undefined) {
    const verdict = found.verdict === "held" ? "harmless" : "unknown";
    return { channels, exit, verdict, claim: "", steps: 0, path: [], isFolded, violation: broken };
  }
  const claim = broken.invariant.split(" ")[0]!;
  return {
    channels,
    exit,
    verdict: "killed",
    claim,
    steps: broken.path.length,
    path: broken.path,
    isFolded,
    violation: broken,
  };
}

/** `P5:26`, `harmless`, `unknown`. */
export function shortVerdict({ verdict, claim, steps }: MutantVerdict): string {
  return verdict === "killed" ? `${claim}:${steps}` : verdict;
}
