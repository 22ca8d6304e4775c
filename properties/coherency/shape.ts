/** An explored instance of the protocol as plain data: what a counterexample records, and the configuration it stands for. */
import { type Configuration, configuration, STAMP_BOUND_MAX } from "../../vocabulary/coherency/configuration.js";
import { MULTICAST, PROFILES, type ProfileName, type Rules } from "../../vocabulary/coherency/rules.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Shape } from "../engine/system.js";
import { type CoherencyMutant, coherencyMutants } from "./mutants.js";
import { withSettings } from "./rule-switches.js";

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
  /** Whether requests go to the known users of the page only (paper, 5.2); not given = no. */
  readonly multicast?: boolean;
  /** Whether the page is in a read-only region (paper, 5.2); not given = no. */
  readonly readOnly?: boolean;
  /** What differs from the reference abstraction (`configuration.ts`); bounded stamps as `bounded 3`. Not given = nothing. */
  readonly stamps?: string;
  readonly ties?: Configuration["ties"];
  readonly start?: Configuration["start"];
  readonly readBudget?: number;
  readonly writeBudget?: number;
  /** Readings of rules in place of the profile's, as `name=reading` (`rule-switches.ts`). */
  readonly rules?: readonly string[];
};

export const CHANNELS: readonly Configuration["channels"][] = ["fifo", "unordered"];
export const EXITS: readonly Configuration["exit"][] = ["atomic", "delayed"];
export const TIES: readonly Configuration["ties"][] = ["absorbed", "explicit"];
export const STARTS: readonly Configuration["start"][] = ["unmapped", "shared"];
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];

/** @throws PagetwinError `ARGUMENT` naming the field that is wrong and what is allowed */
export function coherencyShape(shape: Shape): CoherencyShape {
  const { kernels, channels, exit, profile, without, claim, ownerHint, multicast, readOnly } = shape;
  return {
    kernels: numberIn("kernels", kernels),
    channels: oneOf("channels", channels, CHANNELS),
    exit: oneOf("exit", exit, EXITS),
    profile: oneOf("profile", profile, PROFILE_NAMES),
    without: without === null || without === undefined ? null : mutantOf(String(without)).id,
    claim: typeof claim === "string" ? claim : null,
    ...(ownerHint === true ? { ownerHint } : {}),
    ...(multicast === true ? { multicast } : {}),
    ...(readOnly === true ? { readOnly } : {}),
    ...abstractionIn(shape),
  };
}

/** The fields that differ from the reference abstraction. */
function abstractionIn({ stamps, ties, start, readBudget, writeBudget, rules }: Shape): Partial<CoherencyShape> {
  return {
    ...(stamps === undefined ? {} : { stamps: stampsAsText(stampsIn("stamps", stamps)) }),
    ...(ties === undefined ? {} : { ties: oneOf("ties", ties, TIES) }),
    ...(start === undefined ? {} : { start: oneOf("start", start, STARTS) }),
    ...(readBudget === undefined ? {} : { readBudget: numberIn("readBudget", readBudget) }),
    ...(writeBudget === undefined ? {} : { writeBudget: numberIn("writeBudget", writeBudget) }),
    ...(Array.isArray(rules) ? { rules: rules.map(String) } : {}),
  };
}

function numberIn(field: string, value: unknown): number {
  if (typeof value !== "number") throw new PagetwinError("ARGUMENT", `${field} is ${value}: expected a number`);
  return value;
}

const PLAIN_STAMPS = ["free", "monotone", "perfect"] as const;

/** @throws PagetwinError `ARGUMENT` for what is none of `free`, `monotone`, `perfect` and `bounded N` */
export function stampsIn(field: string, said: unknown): Configuration["stamps"] {
  const plain = PLAIN_STAMPS.find((stamps) => stamps === said);
  if (plain !== undefined) return plain;
  const bounded = Number(/^bounded[ =:-]?([0-9]{1,2})$/.exec(String(said))?.[1] ?? 0);
  if (bounded >= 1 && bounded <= STAMP_BOUND_MAX) return { bounded };
  const allowed = `${PLAIN_STAMPS.join(", ")} or bounded N with N from 1 to ${STAMP_BOUND_MAX}`;
  throw new PagetwinError("ARGUMENT", `${field} is "${said}": expected ${allowed}`);
}

export function stampsAsText(stamps: Configuration["stamps"]): string {
  return typeof stamps === "object" ? `bounded ${stamps.bounded}` : stamps;
}

/** @throws PagetwinError `ARGUMENT` for what is out of range: kernels, budgets */
export function configurationOfShape(shape: CoherencyShape): Configuration {
  const { kernels, channels, exit, without, ties, start, readBudget, writeBudget } = shape;
  const mutant = without === null ? undefined : mutantOf(without);
  return configuration({
    kernels,
    channels,
    exit,
    rules: { ...rulesOfShape(shape), ...mutant?.rules },
    ties: ties ?? mutant?.ties ?? "absorbed",
    readBudget,
    writeBudget,
    ...(shape.stamps === undefined ? {} : { stamps: stampsIn("stamps", shape.stamps) }),
    ...(start === undefined ? {} : { start }),
  });
}

/** The rules without the mutant's reading. */
export function rulesOfShape(shape: CoherencyShape): Rules {
  const { profile, ownerHint = false, multicast = false, readOnly = false, rules = [] } = shape;
  const options = { multicast: multicast ? MULTICAST : "off", readOnly: readOnly ? "local" : "off" } as const;
  return withSettings({ ...PROFILES[profile], ownerHint, ...options }, rules);
}

/** Such as `normative-3-fifo-atomic`, or `lean-3-fifo-atomic-owner-hint`: what differs from the reference comes last. */
export function nameOfShape(shape: CoherencyShape): string {
  const {
    kernels,
    channels,
    exit,
    profile,
    ownerHint,
    multicast,
    readOnly,
    stamps,
    ties,
    start,
    readBudget,
    writeBudget,
    rules = [],
  } = shape;
  return [
    `${profile}-${kernels}-${channels}-${exit}`,
    ...(ownerHint === true ? ["owner-hint"] : []),
    ...(multicast === true ? ["multicast"] : []),
    ...(readOnly === true ? ["read-only"] : []),
    ...(stamps === undefined ? [] : [stamps.replace(" ", "-")]),
    ...(ties === undefined ? [] : [`ties-${ties}`]),
    ...(start === undefined ? [] : [`from-${start}`]),
    ...(readBudget === undefined ? [] : [`reads-${readBudget}`]),
    ...(writeBudget === undefined ? [] : [`writes-${writeBudget}`]),
    ...rules,
  ].join("-");
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
