/** The page cache as the engines see it: one operation at a time, and every schedule of a few threads. */
import * as impl from "../../impl/page-cache/apply.js";
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import { CACHE_RULES, type CacheRules } from "../../impl/page-cache/rules.js";
import * as model from "../../model/page-cache/index.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type CacheGeometry, cacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import type { Answer, Operation } from "../../vocabulary/page-cache/operations.js";
import type { InterleavedScope } from "../engine/interleaved.js";
import type { Mutant, Shape, System, Twin } from "../engine/system.js";
import { interleavedPrograms } from "./interleaved.js";
import { interleavedMutants, rulesWithout } from "./interleaved-mutants.js";
import { invariants, stepInvariants } from "./invariants.js";
import { meaningOf, statisticsOf } from "./meaning.js";
import { allClaims } from "./program-claims.js";
import { cacheProgram } from "./programs.js";
import { sampleScopes, scopes } from "./scopes.js";
import { stressScopes } from "./stress-scopes.js";
import { type CacheView, viewOf } from "./view.js";

/** Rules that one operation after another needs already, with the scope that shows it. */
const NEEDED_BY_STEPS: Readonly<Record<string, string>> = {
  M28: "one-node",
  "M30-push": "one-node",
  "M30-pop": "one-node",
  "M30-drain": "one-node",
  M34: "two-nodes",
};

const mutants: readonly Mutant[] = interleavedMutants.map(({ id, rule, killer, name }) => {
  const scope = NEEDED_BY_STEPS[id];
  return { id, rule, killers: [killer], scopes: scope === undefined ? [name] : [scope, name] };
});

/** The programs whose schedules are exhausted, and those that only a mutant needs. */
const interleaved: readonly InterleavedScope[] = [
  ...interleavedPrograms.map((entry) => ({ ...entry, program: (without?: string) => entry.program(rulesOf(without)) })),
  ...interleavedMutants
    .filter(({ name }, at) => !isProgram(name) && interleavedMutants.findIndex((other) => other.name === name) === at)
    .map(({ name, shape }) => ({
      name,
      title: "for the rule that it needs",
      program: (without?: string) => cacheProgram(shape, rulesOf(without)),
      claims: allClaims(shape),
      effort: "mutants" as const,
    })),
];

function isProgram(name: string): boolean {
  return interleavedPrograms.some((entry) => entry.name === name);
}

function geometryOf(shape: Shape): CacheGeometry {
  return cacheGeometry(shape as Partial<CacheGeometry>);
}

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function rulesOf(without: string | undefined): CacheRules {
  if (without === undefined) return CACHE_RULES;
  const found = interleavedMutants.find(({ id }) => id === without);
  if (found === undefined) throw new PagetwinError("ARGUMENT", `page-cache has no mutant ${without}`);
  return rulesWithout(found.drops);
}

function twin(shape: Shape, without?: string): Twin<Operation, model.State, Answer, CacheView> {
  const geometry = geometryOf(shape);
  const rules = rulesOf(without);
  const words = new Int32Array(LocklessPageCache.wordsNeeded(geometry));
  LocklessPageCache.initialise(words, geometry);
  const pastWords = words.slice();
  const view = viewOf(words, geometry, rules);
  return {
    words,
    stateWords: view.raw.layout.stateWords,
    view,
    pastWords,
    past: viewOf(pastWords, geometry, rules),
    reset: () => LocklessPageCache.initialise(words, geometry),
    enabled: (operation) => impl.enabled(view.cache, operation),
    perform: (operation) => impl.apply(view.cache, operation),
    meaning: meaningOf,
    statistics: statisticsOf,
  };
}

export const pageCache: System<Operation, model.State, Answer, CacheView> = {
  name: "page-cache",
  reference: {
    initial: (shape) => model.initial(geometryOf(shape)),
    enabled: model.enabled,
    apply: model.apply,
    withoutStatistics: model.withoutStatistics,
  },
  invariants,
  stepInvariants,
  mutants,
  scopes,
  sampleScopes,
  interleaved,
  stressed: stressScopes(rulesOf),
  scenarios: [],
  twin,
  actor: () => "kernel",
  describe,
  describeAnswer,
};

function describe(operation: Operation): string {
  switch (operation.kind) {
    case "pop":
      return `pop from node ${operation.node}`;
    case "push":
      return `push frame ${operation.frame}`;
    case "write":
      return `write into frame ${operation.frame}`;
    case "drain":
      return `drain node ${operation.node}`;
    case "drainAll":
      return "drain all nodes";
    case "populate":
      return `populate up to ${operation.target}`;
    case "reset":
      return "reset the counters";
  }
}

function describeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case "done":
      return "done";
    case "empty":
      return "nothing";
    case "frame":
      return `frame ${answer.frame}${answer.clean ? "" : ", not clean"}`;
    case "moved":
      return `${answer.pages} pages`;
  }
}
