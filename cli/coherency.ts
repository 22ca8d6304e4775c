/** `pagetwin check coherency` and `pagetwin mutants coherency`: flags that name one instance, and how it is searched. */

import { engineScope } from "../properties/coherency/engine-scopes.js";
import { CHANNELS, type CoherencyShape, EXITS, oneOf, PROFILE_NAMES } from "../properties/coherency/shape.js";
import { exploreWhole } from "../properties/coherency/whole-space.js";
import type { AnyScope, AnySystem } from "../properties/engine/any-system.js";
import { EXPLORED_KERNELS_MAX, EXPLORED_KERNELS_MIN } from "../vocabulary/coherency/protocol.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { integerFlag } from "./cost-input.js";
import type { ScopeResult } from "./report.js";
import { coverageOf, type Explorer, saveViolation } from "./run-scopes.js";

/** Any of them names one instance, in the reference abstraction. */
export interface CoherencyFlags {
  readonly kernels?: string;
  readonly channels?: string;
  readonly exit?: string;
  readonly profile?: string;
  readonly abstraction?: string;
  readonly symmetry?: string;
  readonly ownerHint?: boolean;
}

const FLAGS = ["kernels", "channels", "exit", "profile", "abstraction", "symmetry", "ownerHint"] as const;
const ABSTRACTIONS = ["reference"] as const;
const SWITCH = ["off", "on"] as const;
/** Most states of an instance that is named without --exhaustive. */
const STATES_MAX_QUICK = 200_000;

/** The first flag of an instance that is given, if any. */
export function instanceFlag(flags: CoherencyFlags): string | undefined {
  const name = FLAGS.find((flag) => flags[flag] !== undefined);
  if (name === undefined) return undefined;
  return name === "ownerHint" ? "--owner-hint" : `--${name}`;
}

/**
 * The system with the one instance that the flags name as its only scope.
 * @throws PagetwinError `ARGUMENT` naming the flag and what is allowed
 */
export function withInstance(system: AnySystem, flags: CoherencyFlags): AnySystem {
  const { channels = "fifo", exit = "atomic", profile = "normative", abstraction = "reference" } = flags;
  const shape: CoherencyShape = {
    kernels: integerFlag("--kernels", flags.kernels, EXPLORED_KERNELS_MIN, EXPLORED_KERNELS_MIN, EXPLORED_KERNELS_MAX),
    channels: oneOf("--channels", channels, CHANNELS),
    exit: oneOf("--exit", exit, EXITS),
    profile: oneOf("--profile", profile, PROFILE_NAMES),
    without: null,
    claim: null,
    ...(flags.ownerHint === true ? { ownerHint: true } : {}),
  };
  oneOf("--abstraction", abstraction, ABSTRACTIONS);
  symmetryOf(flags);
  const scope = engineScope(shape, { effort: "quick" }) as AnyScope;
  return { ...system, scopes: [scope], sampleScopes: [] };
}

/** How scopes of the protocol are searched: by its own machine, which is faster than the common one. */
export function coherencyExplorer(flags: CoherencyFlags, isExhaustive: boolean): Explorer {
  const symmetry = symmetryOf(flags);
  const limit = isExhaustive || instanceFlag(flags) === undefined ? undefined : STATES_MAX_QUICK;
  return (system, scope, findings, terminal, states = limit): ScopeResult => {
    const place = `${system.name}/${scope.name}`;
    const { exploration, verdict, inStep, judged, broken } = exploreWhole(scope, {
      symmetry,
      ...(states === undefined ? {} : { states }),
      observer: {
        every: 20_000,
        onProgress: (known, depth, frontier) =>
          terminal.progress(
            `${place}: ${known.toLocaleString("en")} states, depth ${depth}, ${frontier.toLocaleString("en")} to expand`,
          ),
      },
    });
    const { states: found, transitions, depth, exhausted, store, missProbability, actionCounts } = exploration;
    return {
      system: system.name,
      scope: scope.name,
      title: scope.title,
      engine: "explore",
      verdict,
      states: found,
      transitions,
      depth,
      exhausted,
      store,
      missProbability,
      inStep,
      coverage: coverageOf(scope, actionCounts),
      invariants: judged,
      violations: broken.map(({ counterexample }) => saveViolation(counterexample, findings)),
      ...(symmetry === "on"
        ? { notes: ["counts are modulo renaming of kernels; P9, which is each kernel's, is not judged"] }
        : {}),
    };
  };
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
