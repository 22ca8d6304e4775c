/** What real threads do to the page cache when they are asked for on the command line. */
import type { CacheRules } from "../../impl/page-cache/rules.js";
import { type CacheGeometry, cacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import type { StressScope } from "../engine/stress-scope.js";
import { stressCache } from "./stress.js";

const CENSUS = {
  id: "census",
  name: "everyFrameIsAccountedFor",
  why: "a page that two have is written by both, and one that nobody has is lost",
} as const;

interface Load {
  readonly name: string;
  readonly title: string;
  readonly geometry: CacheGeometry;
  readonly threads: number;
  readonly operations: number;
  readonly drainEvery: number;
}

const LOADS: readonly Load[] = [
  {
    name: "real-threads",
    title: "three real threads on one list",
    geometry: cacheGeometry({ nodes: 1, framesPerNode: 64, pageWords: 0 }),
    threads: 3,
    operations: 10_000_002,
    drainEvery: 0,
  },
  {
    name: "real-threads-drain",
    title: "three real threads on two nodes, with contents, while lists are drained and filled",
    geometry: cacheGeometry({ nodes: 2, framesPerNode: 8, pageWords: 1 }),
    threads: 3,
    operations: 600_000,
    drainEvery: 10,
  },
];

/** @param rulesOf the rules of the code without those of a mutant */
export function stressScopes(rulesOf: (without: string | undefined) => CacheRules): readonly StressScope[] {
  return LOADS.map(({ name, title, ...plan }) => ({
    name,
    title,
    claim: CENSUS,
    input: { ...plan, geometry: { ...plan.geometry } },
    run: (without) => stressCache({ ...plan, rules: rulesOf(without) }),
  }));
}
