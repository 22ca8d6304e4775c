/**
 * A scope of the protocol searched whole, at the speed of its own machine: the claims on every state and step, then the
 * reference in step. What breaks becomes the counterexample document that all engines share.
 */
import type { Exploration, Violation } from "../../explore/exploration.js";
import type { Limits, Observer } from "../../explore/machine.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { EXPLORED_KERNELS_MIN as KERNELS_MIN } from "../../vocabulary/coherency/protocol.js";
import type { AnyScope } from "../engine/any-system.js";
import type { Counterexample } from "../engine/counterexample.js";
import { type Breach, breachOf } from "../engine/pair.js";
import { resources } from "../engine/resources.js";
import { tell } from "../engine/tell.js";
import { operationOf } from "./actions.js";
import { agreementChecks } from "./agreement.js";
import { CellWatch, hasTable } from "./cell-watch.js";
import { isJudged, noDeadlock, stateClaims, stepClaims } from "./claims.js";
import { type Coverage, coverageOf } from "./coverage.js";
import { explorePaged } from "./paged-search.js";
import { entryChangesFirst, permissionClaims } from "./permission-claims.js";
import { accessCanComplete, PROGRESS } from "./progress.js";
import { isCovered } from "./reference.js";
import { type SearchOptions, searchCoherency } from "./search.js";
import { type CoherencyShape, coherencyShape, configurationOfShape, nameOfShape } from "./shape.js";
import { coherency } from "./system.js";
import { unfold } from "./unfold.js";

export interface WholeSpaceOptions {
  /** `on`: modulo renaming of kernels; then P9 is not judged, and the reference stays behind, as where it knows no way. */
  readonly symmetry?: "on" | "off";
  /** Most states; by default as many as a search of this size may keep. */
  readonly states?: number;
  /** Most seconds of wall time for all of it; by default any number. */
  readonly seconds?: number | undefined;
  /**
   * Whether each kernel's page table is driven too, for T1 to T5; by default with two kernels only. Where the protocol's own
   * claims break, or modulo renaming, they are not judged.
   */
  readonly pageTables?: boolean;
  readonly observer?: Observer;
}

export interface WholeSpace {
  readonly exploration: Exploration;
  /** The verdict of the claims and of the comparison together. */
  readonly verdict: Exploration["verdict"];
  /** Whether the search with page tables was cut: then T1 to T5 are not judged. */
  readonly arePermissionsCut: boolean;
  /** The share of all transitions on which the reference walked along. */
  readonly inStep: number;
  /** Cells of the protocol table that were visited; undefined where the table does not say what happens. */
  readonly cells: Coverage | undefined;
  /** In how many of the states cells were noted. */
  readonly cellStates: number;
  /** Ids of what was judged. */
  readonly judged: readonly string[];
  /** The nearest place of everything that breaks. */
  readonly broken: readonly { readonly steps: number; readonly counterexample: Counterexample }[];
}

/** Up to so many kernels whole states are kept, and the transitions for P9. */
const KERNELS_KEPT_WHOLE = 3;
/** States of larger instances, unless asked otherwise: about 20 bytes each. */
const STATES_MAX_LARGE = 2 ** 26;
/** Transitions on which the reference walks along; of larger spaces it takes a share. */
const IN_STEP_TRANSITIONS = 2_500_000;
const IN_STEP_STATES = 6_000_000;

const claims = [...stateClaims, accessCanComplete, ...stepClaims];
const pagedClaims = [...permissionClaims, entryChangesFirst];

/** @throws PagetwinError `ARGUMENT` for a scope of a shape that cannot be explored */
export function exploreWhole(scope: AnyScope, options: WholeSpaceOptions = {}): WholeSpace {
  const shape = coherencyShape(scope.shape);
  const configuration = configurationOfShape(shape);
  const { symmetry = "off", observer } = options;
  const isRaw = symmetry === "off";
  const progress = isRaw && shape.kernels <= KERNELS_KEPT_WHOLE;
  const limits = { ...limitsOf(shape, options.states), ranOut: resources(options.seconds) };
  const watch = hasTable(configuration) ? new CellWatch(configuration) : undefined;
  const isCompared = isRaw && isCovered(configuration);
  // Where the space is searched a second time, the cells are noted there: the first search is the one that is timed.
  const cells = isCompared ? undefined : watch;
  const exploration = searchCoherency(configuration, { symmetry, collect: true, progress, limits, observer, cells });
  const hasTime = exploration.limit !== "time";
  const comparison =
    isCompared && hasTime ? compareTwins(configuration, exploration, limits, observer, watch) : undefined;
  const found = [...exploration.violations, ...(comparison?.violations ?? [])];
  // T4 says that a store which the entry does not permit enters the protocol; to a read-only page it is refused.
  const canEnter = configuration.rules.readOnly === "off";
  const isPaged = isRaw && found.length === 0 && canEnter && (options.pageTables ?? shape.kernels === KERNELS_MIN);
  const paged = isPaged ? explorePaged(configuration, { limits, observer }) : undefined;
  const violations = [...found, ...(paged?.violations ?? [])];
  // What lies behind a violation is not explored, so that an access which completes only there would seem stuck.
  const hasProgress = progress && exploration.violations.every(({ kind }) => kind === "progress");
  const judged = claims
    .filter((claim) => isJudged(claim, configuration.rules, symmetry) && (hasProgress || claim.id !== PROGRESS.id))
    .map(({ id }) => id);
  const arePermissionsCut = paged?.verdict === "unfinished";
  if (isPaged && !arePermissionsCut) judged.push(...pagedClaims.map(({ id }) => id));
  return {
    exploration,
    verdict: violations.length > 0 ? "violated" : arePermissionsCut ? "unfinished" : exploration.verdict,
    arePermissionsCut,
    inStep: comparison === undefined ? 0 : shareOf(comparison, exploration),
    cells: watch === undefined || (isCompared && !hasTime) ? undefined : coverageOf(watch.visits),
    cellStates: comparison?.states ?? exploration.states,
    judged: [...judged.toSorted(), ...(comparison === undefined ? [] : ["answer", "meaning"])],
    broken: violations.map((violation) => ({
      steps: violation.path.length,
      counterexample: storyOfViolation(
        shape,
        isRaw ? violation.path : unfold(configuration, violation.path),
        violation,
      ),
    })),
  };
}

function limitsOf({ kernels }: CoherencyShape, states: number | undefined): Partial<Limits> {
  if (kernels <= KERNELS_KEPT_WHOLE) return { store: "full", ...(states === undefined ? {} : { states }) };
  return { store: "fingerprint", states: states ?? STATES_MAX_LARGE };
}

/** The same space again with the reference in step. The claims are judged too, so that the same states are expanded. */
function compareTwins(
  configuration: Configuration,
  { transitions }: Exploration,
  limits: Partial<Limits>,
  observer: Observer | undefined,
  cells: CellWatch | undefined,
): Exploration {
  const share = Math.min(1, IN_STEP_TRANSITIONS / transitions);
  const options: SearchOptions = {
    claims: claims.filter((claim) => claim !== noDeadlock).map(({ id }) => id),
    collect: true,
    inStep: { share, checks: (machine) => agreementChecks(machine, undefined, share) },
    limits: { ...limits, states: Math.min(limits.states ?? IN_STEP_STATES, IN_STEP_STATES) },
    observer,
    cells,
  };
  const found = searchCoherency(configuration, options);
  const isOfClaim = ({ invariant }: Violation) => claims.some(({ id }) => invariant.startsWith(`${id} `));
  return { ...found, violations: found.violations.filter((violation) => !isOfClaim(violation)) };
}

function shareOf(comparison: Exploration, { transitions }: Exploration): number {
  return transitions === 0 ? 0 : Math.min(1, (comparison.inStep * comparison.transitions) / transitions);
}

/** @param path raw actions from the initial state */
export function storyOfViolation(shape: CoherencyShape, path: readonly number[], violation: Violation): Counterexample {
  const machine = new ExploredCluster(configurationOfShape(shape));
  const breach = breachIn(violation);
  const isOfClaim = [...claims, ...pagedClaims].some(({ id }) => id === breach.invariant);
  const told: CoherencyShape = { ...shape, claim: isOfClaim ? breach.invariant : null };
  const plot = {
    engine: "explore",
    mutant: shape.without,
    scope: { name: nameOfShape(shape), shape: told, setup: [] },
    seed: null,
    minimality: "shortest",
    operations: path.map((action) => operationOf(machine, action)),
  } as const;
  return tell(coherency, plot, breach)!;
}

function breachIn({ kind, invariant, witness }: Violation): Breach {
  const claim = [...claims, ...pagedClaims].find(({ id }) => invariant.startsWith(`${id} `));
  if (claim !== undefined) return { invariant: claim.id, name: claim.name, why: claim.why, witness: [witness] };
  return breachOf(kind === "answer" || kind === "thrown" ? kind : "meaning", [witness]);
}
