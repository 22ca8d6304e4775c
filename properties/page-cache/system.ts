/** The page cache as the engines see it, one operation at a time. Its schedules are in interleaved.ts. */
import * as impl from "../../impl/page-cache/apply.js";
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import { CACHE_RULES, type CacheRules } from "../../impl/page-cache/rules.js";
import * as model from "../../model/page-cache/index.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type CacheGeometry, cacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import type { Answer, Operation } from "../../vocabulary/page-cache/operations.js";
import type { Mutant, Shape, System, Twin } from "../engine/system.js";
import { invariants, stepInvariants } from "./invariants.js";
import { meaningOf, statisticsOf } from "./meaning.js";
import { sampleScopes, scopes } from "./scopes.js";
import { type CacheView, viewOf } from "./view.js";

interface RuleMutant extends Mutant {
  readonly drops: keyof CacheRules;
}

const mutant = (id: string, drops: keyof CacheRules, rule: string, killer: string, scopeName: string): RuleMutant => ({
  id,
  drops,
  rule,
  killers: [killer],
  scopes: [scopeName],
});

/** The rules that one operation after another needs. The others need schedules: see interleaved-mutants.ts. */
const mutants: readonly RuleMutant[] = [
  mutant("M28", "zeroAtPush", "a page is zeroed before it goes on the list", "I23", "one-node"),
  mutant("M30-push", "tagOnPush", "push changes the tag", "W6", "one-node"),
  mutant("M30-pop", "tagOnPop", "pop changes the tag", "W6", "one-node"),
  mutant("M30-drain", "tagOnDrain", "drain changes the tag", "W6", "one-node"),
  mutant("M34", "ownNode", "a page goes on the list of its own node", "I10", "two-nodes"),
];

function geometryOf(shape: Shape): CacheGeometry {
  return cacheGeometry(shape as Partial<CacheGeometry>);
}

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function rulesWithout(id: string | undefined): CacheRules {
  if (id === undefined) return CACHE_RULES;
  const found = mutants.find((each) => each.id === id);
  if (found === undefined) throw new PagetwinError("ARGUMENT", `page-cache has no mutant ${id}`);
  return { ...CACHE_RULES, [found.drops]: false };
}

function twin(shape: Shape, without?: string): Twin<Operation, model.State, Answer, CacheView> {
  const geometry = geometryOf(shape);
  const rules = rulesWithout(without);
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
