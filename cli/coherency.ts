/** `pagetwin check coherency` and `pagetwin mutants coherency`: flags that name one instance, and how it is searched. */

import { engineScope } from "../properties/coherency/engine-scopes.js";
import { ruleSetting, settingsThatMatter, withoutSetting } from "../properties/coherency/rule-switches.js";
import {
  CHANNELS,
  type CoherencyShape,
  coherencyShape,
  configurationOfShape,
  EXITS,
  oneOf,
  PROFILE_NAMES,
  STARTS,
  stampsAsText,
  stampsIn,
  TIES,
} from "../properties/coherency/shape.js";
import { starvationIn } from "../properties/coherency/starvation-report.js";
import { exploreWhole, type WholeSpace } from "../properties/coherency/whole-space.js";
import type { AnyScope, AnySystem } from "../properties/engine/any-system.js";
import { BUDGET_MAX } from "../vocabulary/coherency/configuration.js";
import { EXPLORED_KERNELS_MAX, EXPLORED_KERNELS_MIN } from "../vocabulary/coherency/protocol.js";
import { PROFILES } from "../vocabulary/coherency/rules.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { cellReport } from "./cell-report.js";
import type { CoherencyFlags } from "./coherency-flags.js";
import { comparisonNotes } from "./comparison-notes.js";
import { integerFlag } from "./cost-input.js";
import type { ScopeResult } from "./report.js";
import { coverageOf, type Explorer, limitOf, saveViolation } from "./run-scopes.js";
import { starvationResult } from "./starvation-table.js";

const FLAGS = [
  "kernels",
  "channels",
  "exit",
  "profile",
  "rule",
  "without",
  "stamps",
  "ties",
  "readBudget",
  "writeBudget",
  "start",
  "ownerHint",
  "multicast",
  "readOnly",
  "abstraction",
  "symmetry",
  "pageTables",
  "fairness",
] as const satisfies readonly (keyof CoherencyFlags)[];
const ABSTRACTIONS = ["reference"] as const;
const SWITCH = ["off", "on"] as const;
/** Most states of an instance whose graph is kept for P10: about 40 bytes a state and 5 a transition. */
const STATES_MAX_FAIRNESS = 10_000_000;
/** Most states of an instance that is named without --exhaustive. */
const STATES_MAX_QUICK = 200_000;

/** The first flag of an instance that is given, if any. */
export function instanceFlag(flags: CoherencyFlags): string | undefined {
  const name = FLAGS.find((flag) => flags[flag] !== undefined);
  return name === undefined ? undefined : typed(name);
}

/** `--owner-hint` for `ownerHint`. */
function typed(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The system with the one instance that the flags name as its only scope.
 * @throws PagetwinError `ARGUMENT` naming the flag and what is allowed
 */
export function withInstance(system: AnySystem, flags: CoherencyFlags): AnySystem {
  const { channels = "fifo", exit = "atomic", profile = "normative" } = flags;
  const shape: CoherencyShape = {
    kernels: integerFlag("--kernels", flags.kernels, EXPLORED_KERNELS_MIN, EXPLORED_KERNELS_MIN, EXPLORED_KERNELS_MAX),
    channels: oneOf("--channels", channels, CHANNELS),
    exit: oneOf("--exit", exit, EXITS),
    profile: oneOf("--profile", profile, PROFILE_NAMES),
    without: null,
    claim: null,
    ...(flags.ownerHint === true ? { ownerHint: true } : {}),
    ...(flags.multicast === true ? { multicast: true } : {}),
    ...(flags.readOnly === true ? { readOnly: true } : {}),
    ...abstractionOf(flags),
    ...rulesOf(flags),
  };
  refuseContradictions(flags, shape);
  const scope = engineScope(shape, { effort: "quick" }) as AnyScope;
  return { ...system, scopes: [scope], sampleScopes: [] };
}

/** What differs from the reference abstraction; its own values are left out, so that they name the same scope. */
function abstractionOf(flags: CoherencyFlags): Partial<CoherencyShape> {
  const stamps = stampsAsText(stampsIn("--stamps", flags.stamps ?? "free"));
  const ties = oneOf("--ties", flags.ties ?? "absorbed", TIES);
  const start = oneOf("--start", flags.start ?? "unmapped", STARTS);
  const budget = (flag: "readBudget" | "writeBudget") =>
    flags[flag] === undefined ? {} : { [flag]: integerFlag(typed(flag), flags[flag], 0, 0, BUDGET_MAX) };
  return {
    ...(stamps === "free" ? {} : { stamps }),
    ...(ties === "absorbed" ? {} : { ties }),
    ...(start === "unmapped" ? {} : { start }),
    ...budget("readBudget"),
    ...budget("writeBudget"),
  };
}

function rulesOf({ profile = "normative", rule = [], without = [] }: CoherencyFlags): Partial<CoherencyShape> {
  const asked = PROFILES[oneOf("--profile", profile, PROFILE_NAMES)];
  const settings = [...rule.map(ruleSetting), ...without.map(withoutSetting)];
  const names = settings.map((setting) => setting.split("=")[0]!);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new PagetwinError("ARGUMENT", `${twice} is given twice: expected one reading of each rule`);
  const rules = settingsThatMatter(asked, settings);
  return rules.length === 0 ? {} : { rules };
}

function refuseContradictions(flags: CoherencyFlags, { stamps = "free", ties = "absorbed", ...shape }: CoherencyShape) {
  const ruling = (["multicast", "ownerHint", "rule", "without"] as const).find((flag) => flags[flag] !== undefined);
  if (flags.readOnly === true && ruling !== undefined)
    throw new PagetwinError("ARGUMENT", `${typed(ruling)}: expected none with --read-only, where nothing is sent`);
  refuseIdleRules(flags, { stamps, ties, ...shape });
  const isBounded = stamps.startsWith("bounded");
  if (isBounded && flags.ties === "absorbed")
    throw new PagetwinError(
      "ARGUMENT",
      `--ties is "absorbed": expected explicit with bounded stamps, which can be equal`,
    );
  if (symmetryOf(flags) === "on" && (isBounded || ties === "explicit"))
    throw new PagetwinError(
      "ARGUMENT",
      `--symmetry is "on": expected off with ${isBounded ? "bounded stamps" : "explicit ties"}, where the kernels' numbers decide`,
    );
  if (flags.fairness === true && symmetryOf(flags) === "on")
    throw new PagetwinError("ARGUMENT", `--symmetry is "on": expected off with --fairness, which asks for each kernel`);
  const unpaged = flags.readOnly === true ? "--read-only" : symmetryOf(flags) === "on" ? "--symmetry on" : undefined;
  if (flags.pageTables === true && unpaged !== undefined)
    throw new PagetwinError("ARGUMENT", `--page-tables: expected none with ${unpaged}, where T1 to T5 are not judged`);
  if (flags.abstraction === undefined) return;
  oneOf("--abstraction", flags.abstraction, ABSTRACTIONS);
  const { start, readBudget, writeBudget, multicast, readOnly } = shape;
  const drawn = stamps === "free" ? undefined : stamps;
  const different = Object.entries({ stamps: drawn, start, readBudget, writeBudget, multicast, readOnly });
  const [flag] =
    [...different, ["ties", ties === "absorbed" ? undefined : ties]].find(([, value]) => value !== undefined) ?? [];
  if (flag !== undefined)
    throw new PagetwinError(
      "ARGUMENT",
      `${typed(String(flag))}: expected none with --abstraction reference, which settles it`,
    );
}

/** A rule about what cannot come up would hold whatever it says: a search that says so would mislead. */
function refuseIdleRules({ multicast }: CoherencyFlags, { stamps = "free", ties, rules = [] }: CoherencyShape): void {
  const isAsked = (name: string) => rules.some((setting) => setting.startsWith(`${name}=`));
  if (isAsked("tie") && ties !== "explicit" && !stamps.startsWith("bounded"))
    throw new PagetwinError("ARGUMENT", "tie: expected --ties explicit or bounded stamps with it: else none are equal");
  if (isAsked("join-before-read") && multicast !== true)
    throw new PagetwinError("ARGUMENT", "join-before-read: expected --multicast with it, which it is a rule of");
}

/** How scopes of the protocol are searched: by its own machine, which is faster than the common one. */
export function coherencyExplorer(flags: CoherencyFlags, isExhaustive: boolean): Explorer {
  const symmetry = symmetryOf(flags);
  const limit = isExhaustive || instanceFlag(flags) === undefined ? undefined : STATES_MAX_QUICK;
  return (system, scope, findings, terminal, { states = limit, seconds }): ScopeResult => {
    const place = `${system.name}/${scope.name}`;
    const whole = exploreWhole(scope, {
      symmetry,
      ...(flags.pageTables === undefined ? {} : { pageTables: flags.pageTables }),
      ...(states === undefined ? {} : { states }),
      seconds,
      observer: {
        every: 20_000,
        onProgress: (known, depth, frontier) =>
          terminal.progress(
            `${place}: ${known.toLocaleString("en")} states, depth ${depth}, ${frontier.toLocaleString("en")} to expand`,
          ),
      },
    });
    const { exploration, inStep, cells, judged, broken } = whole;
    const starvation = flags.fairness === true ? starvationOf(scope, whole) : undefined;
    const starved = starvation === undefined ? [] : starvation.violations;
    const { states: found, transitions, depth, exhausted, store, missProbability, actionCounts } = exploration;
    return {
      system: system.name,
      scope: scope.name,
      title: scope.title,
      engine: "explore",
      verdict: starved.length > 0 ? "violated" : whole.verdict,
      states: found,
      transitions,
      depth,
      exhausted,
      ...limitOf(exploration),
      store,
      missProbability,
      inStep,
      coverage: coverageOf(scope, actionCounts),
      ...(cells === undefined ? {} : { cells: cellReport(cells) }),
      ...(starvation === undefined ? {} : { starvation: starvation.starvation! }),
      invariants: starvation === undefined ? judged : [...judged, "P10"],
      violations: [...broken.map(({ counterexample }) => saveViolation(counterexample, findings)), ...starved],
      ...notesOf(symmetry, whole, flags.fairness === true && starvation === undefined),
    };
  };
}

/** P10 is judged on the whole graph of states; where there is none, or it is too large, it is not judged. */
function starvationOf(scope: AnyScope, { exploration, verdict }: WholeSpace) {
  if (verdict !== "held" || exploration.states > STATES_MAX_FAIRNESS) return undefined;
  return starvationResult(starvationIn(configurationOfShape(coherencyShape(scope.shape)), STATES_MAX_FAIRNESS));
}

function notesOf(
  symmetry: "on" | "off",
  { inStep, cells, cellStates, exploration, arePermissionsCut }: WholeSpace,
  isFairnessLeftOut: boolean,
): Partial<ScopeResult> {
  const notes = [
    ...(isFairnessLeftOut
      ? [
          `fairness is not judged: it takes a whole space of ${STATES_MAX_FAIRNESS.toLocaleString("en")} states at most in which all holds`,
        ]
      : []),
    ...comparisonNotes(symmetry, inStep, exploration),
    ...(arePermissionsCut ? ["the search with page tables was cut, so that T1 to T5 are not judged"] : []),
    ...(exploration.violations.some(({ kind }) => kind !== "progress")
      ? ["what lies behind a violation is not explored, and P9 is not judged, which needs to see all"]
      : []),
    ...(cells !== undefined && cellStates < exploration.states
      ? [`cells were noted in the first ${cellStates.toLocaleString("en")} states`]
      : []),
  ];
  return notes.length === 0 ? {} : { notes };
}

function symmetryOf({ symmetry = "off" }: CoherencyFlags): "on" | "off" {
  return oneOf("--symmetry", symmetry, SWITCH);
}

/** @throws PagetwinError `ARGUMENT` if an instance of this system is named beside another system */
export function refuseInstance(flags: CoherencyFlags, system: string | undefined): void {
  const flag = instanceFlag(flags);
  if (flag !== undefined && system !== "coherency")
    throw new PagetwinError(
      "ARGUMENT",
      `${flag}: expected the system coherency${system === undefined ? "" : `, not ${system}`}`,
    );
}
