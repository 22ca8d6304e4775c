/** The page cache under real threads, with a census of every frame when they have ended. */
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import { CACHE_RULES, type CacheRules } from "../../impl/page-cache/rules.js";
import type { CacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import { sharedWords, stress } from "../engine/stress.js";
import type { Plain } from "../engine/system.js";
import { ownersBase, type StressAnswer } from "./stressed.js";
import { type CacheView, nodesOf, viewOf } from "./view.js";

export interface CacheStress {
  readonly geometry: CacheGeometry;
  readonly threads: number;
  /** Pops and pushes, of all threads together. */
  readonly operations: number;
  readonly drainEvery?: number;
  readonly rules?: CacheRules;
  readonly milliseconds?: number;
}

export interface CacheStressed {
  readonly operations: number;
  /** Whether the time limit ended it. */
  readonly isCut: boolean;
  /** What is wrong, a line each; empty if every frame is accounted for, every page was clean and every count is right. */
  readonly wrong: readonly string[];
  /** By thread: what it was to do, and what it counted. */
  readonly threads: readonly { readonly says: string; readonly answer: string }[];
}

/** Runs the threads once, from full lists. Rejects with what a thread throws. */
export async function stressCache(plan: CacheStress): Promise<CacheStressed> {
  const { geometry, threads, rules = CACHE_RULES, drainEvery = 0, milliseconds } = plan;
  const words = sharedWords(ownersBase(geometry) + geometry.nodes * geometry.framesPerNode);
  LocklessPageCache.initialise(words, geometry);
  const view = viewOf(words, geometry, CACHE_RULES);
  for (let node = 0; node < geometry.nodes; node++) view.cache.populate(node, geometry.framesPerNode);
  view.cache.reset();
  const data = { geometry: { ...geometry }, rules: { ...rules }, operations: plan.operations / threads, drainEvery };
  const { answers, isCut } = await stress({
    module: new URL("./stressed.js", import.meta.url).href,
    words,
    threads,
    data: data satisfies Plain,
    ...(milliseconds === undefined ? {} : { milliseconds }),
  });
  const told = answers as unknown as readonly StressAnswer[];
  const operations = told.reduce((sum, answer) => sum + answer.operations, 0);
  const wrong = [...wrongPages(told), ...wrongPlaces(view), ...wrongCounts(view, told)];
  return {
    operations,
    isCut,
    wrong,
    threads: told.map((answer) => ({ says: orderOf(data, geometry), answer: tallyOf(answer) })),
  };
}

function orderOf(
  { operations, drainEvery }: { operations: number; drainEvery: number },
  { nodes }: CacheGeometry,
): string {
  const drains = drainEvery === 0 ? "" : `, drain and fill every ${drainEvery} rounds`;
  return `pop and push until ${operations} operations are done${nodes === 1 ? "" : `, on ${nodes} nodes in turn`}${drains}`;
}

function tallyOf({ operations, pops, misses, pushes, populated }: StressAnswer): string {
  const filled = populated === 0 ? "" : `, ${populated} pages filled in`;
  return `${operations} operations: ${pops} pops, ${misses} misses, ${pushes} pushes${filled}`;
}

function* wrongPages(answers: readonly StressAnswer[]): Iterable<string> {
  for (const [thread, { taken, stained }] of answers.entries()) {
    if (taken >= 0) yield `thread ${thread} popped frame ${taken} while another had it`;
    if (stained >= 0) yield `thread ${thread} popped frame ${stained} with old entries`;
  }
}

/** No thread keeps a page at its end, so each frame is free or on its node's list, once. */
function* wrongPlaces({ raw, words }: CacheView): Iterable<string> {
  const places = new Array<number>(raw.layout.frames).fill(0);
  for (let node = 0; node < raw.layout.geometry.nodes; node++) {
    const { frames, broken } = raw.list(words, node);
    if (broken !== undefined) yield `the list of node ${node} comes to frame ${broken} a second time`;
    for (const frame of [...frames, ...raw.free(words, node)]) places[frame]!++;
  }
  for (const [frame, count] of places.entries()) {
    if (count !== 1) yield `frame ${frame} is ${count === 0 ? "nowhere" : `in ${count} places`}`;
  }
}

function* wrongCounts(view: CacheView, answers: readonly StressAnswer[]): Iterable<string> {
  const { raw, words } = view;
  const sum = (of: (answer: StressAnswer) => number): number => answers.reduce((total, each) => total + of(each), 0);
  const counted = (which: "HITS" | "MISSES" | "RETURNS"): number =>
    nodesOf(view).reduce((total, node) => total + raw.counter(words, node, which), 0);
  const pairs = [
    ["hits", counted("HITS"), sum(({ pops }) => pops)],
    ["misses", counted("MISSES"), sum(({ misses }) => misses)],
    ["returns", counted("RETURNS"), sum(({ pushes, populated }) => pushes + populated)],
    ...nodesOf(view).map((node) => {
      return [`count of node ${node}`, raw.count(words, node), raw.list(words, node).frames.length] as const;
    }),
  ] as const;
  for (const [name, found, wanted] of pairs) {
    if (found !== wanted) yield `${name} is ${found}, and should be ${wanted}`;
  }
}

const RUN_MILLISECONDS_MAX = 1000;

export interface UntaggedStressed {
  /** Runs, each from full lists, and operations in all of them. */
  readonly runs: number;
  readonly operations: number;
  /** What the census of the last run says; empty if real threads did not hit it within the bound. */
  readonly wrong: readonly string[];
}

/**
 * Runs without the tag, one after another, until a census fails or the time is up. Whether it does is up to the machine.
 * @param milliseconds after which no further run begins; a run is cut after a second
 */
export async function stressUntagged(
  plan: Omit<CacheStress, "rules" | "milliseconds" | "drainEvery">,
  milliseconds: number,
): Promise<UntaggedStressed> {
  const rules = { ...CACHE_RULES, tagOnPush: false, tagOnPop: false, tagOnDrain: false };
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
  }, milliseconds);
  let [runs, operations] = [0, 0];
  let wrong: readonly string[] = [];
  while (!isLate && wrong.length === 0) {
    const run = await stressCache({ ...plan, rules, milliseconds: RUN_MILLISECONDS_MAX });
    runs++;
    operations += run.operations;
    wrong = run.wrong;
  }
  clearTimeout(limit);
  return { runs, operations, wrong };
}
