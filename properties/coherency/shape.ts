/** An explored instance of the protocol as plain data: what a counterexample records, and the configuration it stands for. */
import { type Configuration, configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES, type ProfileName } from "../../vocabulary/coherency/rules.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Shape } from "../engine/system.js";
import { type CoherencyMutant, coherencyMutants } from "./mutants.js";

/** The reference abstraction in one of its modes, perhaps with one rule read otherwise. */
export type CoherencyShape = {
  readonly kernels: number;
  readonly channels: Configuration["channels"];
  readonly exit: Configuration["exit"];
  readonly profile: ProfileName;
  /** Id of the mutant whose reading replaces the profile's; null = none. */
  readonly without: string | null;
  /**
   * Id of the one claim that a run is about; null = all but P9. Of a run into a deadlock several claims can be told, and P9
   * breaks on the way there.
   */
  readonly claim: string | null;
  /** Whether a fetch from Invalid first asks the remembered owner alone (paper, 5.2); not given = no. */
  readonly ownerHint?: boolean;
};

export const CHANNELS: readonly Configuration["channels"][] = ["fifo", "unordered"];
export const EXITS: readonly Configuration["exit"][] = ["atomic", "delayed"];
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];

/** @throws PagetwinError `ARGUMENT` naming the field that is wrong and what is allowed */
export function coherencyShape(shape: Shape): CoherencyShape {
  const { kernels, channels, exit, profile, without, claim, ownerHint } = shape;
  if (typeof kernels !== "number") throw new PagetwinError("ARGUMENT", `kernels is ${kernels}: expected a number`);
  return {
    kernels,
    channels: oneOf("channels", channels, CHANNELS),
    exit: oneOf("exit", exit, EXITS),
    profile: oneOf("profile", profile, PROFILE_NAMES),
    without: without === null || without === undefined ? null : mutantOf(String(without)).id,
    claim: typeof claim === "string" ? claim : null,
    ...(ownerHint === true ? { ownerHint } : {}),
  };
}

/** @throws PagetwinError `ARGUMENT` for a number of kernels that cannot be explored */
export function configurationOfShape(shape: CoherencyShape): Configuration {
  const { kernels, channels, exit, profile, without, ownerHint = false } = shape;
  const asked = { ...PROFILES[profile], ownerHint };
  if (without === null) return configuration({ kernels, channels, exit, rules: asked });
  const { rules, ties = "absorbed" } = mutantOf(without);
  return configuration({ kernels, channels, exit, ties, rules: { ...asked, ...rules } });
}

/** Such as `normative-3-fifo-atomic`, or `lean-3-fifo-atomic-owner-hint`. */
export function nameOfShape({ kernels, channels, exit, profile, ownerHint }: CoherencyShape): string {
  return `${profile}-${kernels}-${channels}-${exit}${ownerHint === true ? "-owner-hint" : ""}`;
}

/** @throws PagetwinError `ARGUMENT` for an id that is not there */
export function mutantOf(id: string): CoherencyMutant {
  const mutant = coherencyMutants.find((each) => each.id === id);
  if (mutant === undefined) throw new PagetwinError("ARGUMENT", `coherency has no mutant ${id}`);
  return mutant;
}

/** @throws PagetwinError `ARGUMENT` listing what is allowed */
export function oneOf<Name extends string>(field: string, value: unknown, allowed: readonly Name[]): Name {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new PagetwinError("ARGUMENT", `${field} is "${value}": expected ${listed(allowed)}`);
  return found;
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
