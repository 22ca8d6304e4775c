/** One search of the protocol's state space: what is asked of it, in one record, and what it found. */
import type { Exploration } from "../../explore/exploration.js";
import { explore } from "../../explore/explore.js";
import type { Checks, Limits, Observer, Progress, StateInvariant, StepInvariant } from "../../explore/machine.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { PENDING_NONE } from "../../impl/coherency/layout.js";
import { pendingIn } from "../../impl/coherency/vector-layout.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { optimisingLate } from "../engine/compilation.js";
import type { CellWatch } from "./cell-watch.js";
import { isJudged, noDeadlock, type StateClaim, type StepClaim, stateClaims, stepClaims } from "./claims.js";
import { PROGRESS } from "./progress.js";
import { QUICKLY_JUDGED, quickLook } from "./quick-look.js";

/** Given from outside, so that a search without the reference need not load it: loading takes a part of a short one. */
export interface InStep {
  /** Of the transitions on which the reference walks along, above 0 to 1. */
  readonly share: number;
  /** What the twins are compared by. */
  checks(machine: ExploredCluster): Pick<Checks, "reference" | "always">;
}

export interface SearchOptions {
  readonly limits?: Partial<Limits>;
  /** Ids of the claims to judge; by default all of P1 to P8, and of G1 to G4 where they say something. */
  readonly claims?: readonly string[];
  /** Whether P9 is judged too, for each kernel. */
  readonly progress?: boolean;
  /**
   * Look for the nearest place of every broken claim, not only of the first. What lies behind a state that breaks P1 to
   * P4, or behind a step that breaks P5 to P7, is not explored; accesses that start in a deadlock are.
   */
  readonly collect?: boolean;
  /** `on`: states that differ only in who is who are one. P9 asks for each kernel and is refused then. */
  readonly symmetry?: "on" | "off";
  /** The reference walks along. Not with symmetry. */
  readonly inStep?: InStep;
  /** Notes the cells of the protocol table that are visited. */
  readonly cells?: CellWatch | undefined;
  readonly observer?: Observer | undefined;
}

/**
 * Visits every reachable state of the configuration and judges the claims.
 * @throws PagetwinError ARGUMENT for symmetry together with progress, or where the kernels' numbers decide
 */
export function searchCoherency(configuration: Configuration, options: SearchOptions = {}): Exploration {
  const { symmetry = "off", progress = false, collect = false } = options;
  if (symmetry === "on" && progress)
    throw new PagetwinError("ARGUMENT", "progress speaks of each kernel: expected it without symmetry");
  const machine = new ExploredCluster(configuration, symmetry);
  const inStep = options.inStep?.share ?? 0;
  const limits: Limits = { store: "full", stopAtFirst: !collect, inStep, ...options.limits };
  const search = () => explore(machine, checksInStep(machine, options), limits, options.observer);
  // The reference is a hundred functions that are worth being optimised soon.
  const found = options.inStep === undefined ? optimisingLate(search) : search();
  const deadlock = found.violations.find(({ invariant }) => invariant === claimName(noDeadlock));
  if (!collect || deadlock === undefined) return found;
  // Nothing moves in a deadlock, but new accesses can still be issued by others: they count.
  const claims = [...stateClaims, ...stepClaims].filter((claim) => claim !== noDeadlock).map(({ id }) => id);
  const beyond = explore(machine, checksOf(machine, { ...options, claims }), limits, options.observer);
  return { ...beyond, violations: [...beyond.violations, deadlock] };
}

/** The claims, and where the reference is to walk along also the agreement of the twins. */
function checksInStep(machine: ExploredCluster, options: SearchOptions): Checks {
  const checks = checksOf(machine, options);
  if (options.inStep === undefined) return checks;
  const { always = [], ...agreement } = options.inStep.checks(machine);
  return { ...checks, ...agreement, always: [...checks.always!, ...always] };
}

/** The claims as the explorer takes them. An invariant's name is the claim's id and name: `P1 singleWriterOrReaders`. */
export function checksOf(machine: ExploredCluster, options: SearchOptions = {}): Checks {
  const { rules } = machine.configuration;
  const isAsked = (claim: StateClaim | StepClaim) =>
    isJudged(claim, rules, options.symmetry ?? "off") && (options.claims?.includes(claim.id) ?? true);
  const asked = stateClaims.filter(isAsked);
  const suspect = quickLook(machine);
  return {
    always: asked.map((claim, index) => ({
      ...stateInvariant(machine, claim, asked.slice(0, index)),
      suspect: QUICKLY_JUDGED.includes(claim) ? suspect : undefined,
    })),
    steps: [
      ...(options.cells === undefined ? [] : [options.cells]),
      ...stepClaims.filter(isAsked).map((claim) => stepInvariant(machine, claim)),
    ],
    ...(options.progress === true ? { progress: progressOf(machine) } : {}),
  };
}

export const claimName = ({ id, name }: { readonly id: string; readonly name: string }): string => `${id} ${name}`;

/** A state that breaks several claims counts for the first of them only. */
function stateInvariant(machine: ExploredCluster, claim: StateClaim, earlier: readonly StateClaim[]): StateInvariant {
  return {
    name: claimName(claim),
    violation() {
      const witness = claim.witness(machine);
      const isFirst = witness !== undefined && !earlier.some((other) => other.witness(machine) !== undefined);
      return isFirst ? witness : undefined;
    },
  };
}

function stepInvariant(machine: ExploredCluster, claim: StepClaim): StepInvariant {
  const { outcome } = claim;
  return {
    name: claimName(claim),
    ...(outcome === undefined ? {} : { statistics: outcome }),
    violation: (before, action) => claim.witness(machine, action, before),
  };
}

/** P9: every pending access can still be completed. One claim a kernel. */
function progressOf(machine: ExploredCluster): Progress[] {
  return Array.from({ length: machine.cluster.kernels }, (_, kernel) => ({
    name: `${claimName(PROGRESS)} K${kernel}`,
    pending: () => pendingIn(machine.words, kernel) !== PENDING_NONE,
    granted: () => pendingIn(machine.words, kernel) === PENDING_NONE,
  }));
}
