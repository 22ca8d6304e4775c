/** The searched spaces and the mutants of the protocol in the form that all engines share. */
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import type { Operation } from "../../vocabulary/coherency/operations.js";
import type { Mutant, Scope } from "../engine/system.js";
import { operationOf } from "./actions.js";
import { coherencyMutants } from "./mutants.js";
import { type CoherencyScope, coherencyScopes } from "./scopes.js";
import { type CoherencyShape, configurationOfShape, nameOfShape } from "./shape.js";
import type { CoherencyState } from "./system.js";

const CLAIMS = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "G1", "G2", "G3", "G4", "L1"];

/** A mode of the protocol as a scope: every label is an action of its own. */
export function engineScope(shape: CoherencyShape, more: Partial<Scope<Operation, CoherencyState>> = {}) {
  const machine = new ExploredCluster(configurationOfShape(shape));
  const scope: Scope<Operation, CoherencyState> = {
    name: nameOfShape(shape),
    title: titleOf(shape),
    shape,
    setup: [],
    actions: Array.from({ length: machine.actionCount }, (_, action) => [operationOf(machine, action)]),
    sometimes: [],
    effort: "long",
    ...more,
  };
  return scope;
}

function titleOf(shape: CoherencyShape): string {
  const { kernels, channels, exit, profile, stamps, ties, start, readBudget, writeBudget, rules } = shape;
  return [
    `${kernels} kernels share a page, channels ${channels}, exit ${exit}, rules ${profile}`,
    ...(shape.ownerHint === true ? ["the owner asked first"] : []),
    ...(shape.readOnly === true ? ["in a read-only region"] : []),
    ...(shape.multicast === true ? ["requests to the users of the page only"] : []),
    ...(stamps === undefined ? [] : [`stamps ${stamps}`]),
    ...(ties === undefined ? [] : [`ties ${ties}`]),
    ...(start === undefined ? [] : [`all ${start} at first`]),
    ...(readBudget === undefined ? [] : [`${readBudget} reads a kernel`]),
    ...(writeBudget === undefined ? [] : [`${writeBudget} writes a kernel`]),
    ...(rules ?? []),
  ].join(", ");
}

/** Of the profiles that are to hold; the printed protocol is known to break. */
export const engineScopes: readonly Scope<Operation, CoherencyState>[] = coherencyScopes
  .filter(({ profile }) => profile !== "literal")
  .map((scope) => engineScope(shapeOf(scope), { expected: scope.expected, effort: effortOf(scope) }));

function shapeOf({ profile, configuration: { kernels, channels, exit } }: CoherencyScope): CoherencyShape {
  return { kernels, channels, exit, profile, without: null, claim: null };
}

/** With two kernels R7 changes nothing: one of the two profiles is enough at first. */
function effortOf({ effort, profile }: CoherencyScope): "quick" | "long" {
  return profile === "normative-r7" ? "long" : effort;
}

export const engineMutants: readonly Mutant[] = coherencyMutants.map(({ id, rule, profile }) => ({
  id,
  rule,
  killers: CLAIMS,
  scopes: engineScopes.filter(({ shape }) => shape.profile === profile).map(({ name }) => name),
}));
