/** The programs of replica publication as scopes of the system, and its mutants with the schedules that kill them. */
import { ALL_RULES, type Rules } from "../../../impl/replication/rules.js";
import { PagetwinError } from "../../../vocabulary/errors.js";
import { ENGINE_CLAIMS, type InterleavedScope } from "../../engine/interleaved.js";
import type { Mutant } from "../../engine/system.js";
import { mutants as stepMutants } from "../mutants.js";
import { publicationPrograms } from "./interleaved.js";
import { equivalentOmissions, type PublicationMutant, publicationMutants } from "./interleaved-mutants.js";

export const publicationScopes: readonly InterleavedScope[] = publicationPrograms.map((entry) => ({
  ...entry,
  program: (without?: string) => entry.program(rulesWithout(without)),
}));

/** Rules that only threads inside the kernel can need, and those of single steps with the programs that need them as well. */
export const mutants: readonly Mutant[] = [
  ...stepMutants.map((mutant) => ({
    ...mutant,
    killers: [...mutant.killers, ...bySchedules(mutant.id).map(killerOf)],
    scopes: [...mutant.scopes, ...bySchedules(mutant.id).map(({ name }) => name), ...equivalentIn(mutant.id)],
  })),
  ...publicationMutants.filter(({ id }) => !isOfSteps(id)).map(mutantOf),
  ...equivalentOmissions
    .filter(({ id }) => !isOfSteps(id))
    .map(({ id, rule, names }) => ({ id, rule, killers: [], scopes: names })),
];

function bySchedules(id: string): readonly PublicationMutant[] {
  return publicationMutants.filter((mutant) => mutant.id === id);
}

function equivalentIn(id: string): readonly string[] {
  return equivalentOmissions.find((omission) => omission.id === id)?.names ?? [];
}

function isOfSteps(id: string): boolean {
  return stepMutants.some((mutant) => mutant.id === id);
}

function mutantOf(mutant: PublicationMutant): Mutant {
  const { id, rule, name } = mutant;
  return { id, rule, killers: [killerOf(mutant)], scopes: [name] };
}

/** The id under which it is told what fell: the engine's own claims have ids of their own. */
function killerOf({ claim, killer }: PublicationMutant): string {
  return ENGINE_CLAIMS[claim]?.id ?? killer;
}

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
export function rulesWithout(id: string | undefined): Rules {
  if (id === undefined) return ALL_RULES;
  const drops: readonly (keyof Rules)[] | undefined =
    publicationMutants.find((mutant) => mutant.id === id)?.drops ??
    equivalentOmissions.find((omission) => omission.id === id)?.drops ??
    stepMutants.filter((mutant) => mutant.id === id).map((mutant) => mutant.drops);
  if (drops.length === 0) throw new PagetwinError("ARGUMENT", `${id} is no mutant of replication`);
  return { ...ALL_RULES, ...Object.fromEntries(drops.map((rule) => [rule, false])) };
}
