/**
 * Small programs of a few threads through the production code, told in letters:
 *
 *   o  pop a page of node 0, use it, keep it          u  push the page that the thread has kept longest
 *   d  drain node 0                                   p, q  fill node 0 up to one page, up to two
 *   w  write into frame 0 without owning it, as a hardware walk does that still knows the table (B4)
 *
 * At the beginning frame 0 is on top of node 0's list, frame 1 below it, and so on; the other frames are free.
 */

import type { Port } from "../../explore/interleave/port.js";
import type { Operation, Program, Thread } from "../../explore/interleave/program.js";
import { PlainPort } from "../../impl/memory-port.js";
import { CacheLayout } from "../../impl/page-cache/layout.js";
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import { CACHE_RULES, type CacheRules } from "../../impl/page-cache/rules.js";
import { type CacheGeometry, cacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import type { Operation as Question } from "../../vocabulary/page-cache/operations.js";
import { WideOverPort } from "./wide-over-port.js";

/** What a thread asks of the sequential model; nothing, where it has no page to push. */
export type CacheQuestion = Question | null;

export interface CacheProgram {
  /** A word of letters for each thread. */
  readonly letters: readonly string[];
  /** Frames of each node. By default 3. */
  readonly frames?: number;
  /** How many of them are on node 0's list at first. By default all. */
  readonly listed?: number;
  /** By default 16. */
  readonly tagBits?: number;
  /** By default 1; threads run on the last one. */
  readonly nodes?: number;
  readonly head?: CacheGeometry["head"];
  /** Whether pages have a word of content, which who pops a page looks at and writes to. By default not. */
  readonly contents?: boolean;
  /** What may be a turn of its own besides heads and links. By default nothing; `everything`: each access is one. */
  readonly points?: readonly PointGroup[] | "everything";
}

/** The accesses that always are turns of their own, and those that are where a claim reads what they write. */
const HEADS_AND_LINKS: readonly string[] = [
  ...["push.head", "push.link", "push.swap", "pop.head", "pop.next", "pop.swap", "pop.peek", "pop.earlyNext"],
  ...["drain.head", "drain.swap", "drain.next", "drain.unlink"],
];
const GROUPS = {
  unlink: ["pop.unlink"],
  counts: ["push.count", "pop.count", "drain.count", "populate.count"],
  counters: ["push.returns", "pop.hits", "pop.misses"],
  free: ["free.look", "free.take", "free.give"],
  contents: ["push.zero", "page.read", "page.write", "page.link"],
} as const;
export type PointGroup = keyof typeof GROUPS;

/** Private words of a thread behind the frames that it keeps (frame + 1, longest first, 0 = none). */
export const TALLY = { POPS: 0, MISSES: 1, PUSHES: 2, ADDED: 3, DRAINS: 4, STAINS: 5, WORDS: 6 } as const;
const DIRT = 1;

export function geometryOf(shape: CacheProgram): CacheGeometry {
  return cacheGeometry({
    nodes: shape.nodes ?? 1,
    framesPerNode: shape.frames ?? 3,
    pageWords: shape.contents ? 1 : 0,
    tagBits: shape.tagBits ?? 16,
    head: shape.head ?? "frame",
  });
}

export function programName({
  letters,
  tagBits = 16,
  points = [],
  head = "frame",
  contents = false,
  nodes = 1,
}: CacheProgram): string {
  const kind = `${nodes > 1 ? `, ${nodes} nodes` : ""}${contents ? ", contents" : ""}${head === "address" ? ", 64-bit head" : ""}`;
  const extra = points === "everything" ? ", every access" : points.map((group) => `, ${group}`).join("");
  return `${letters.join(" / ")}, ${tagBits} bits${kind}${extra}`;
}

/** The program, with some of the cache's rules. */
export function cacheProgram(shape: CacheProgram, rules: CacheRules = CACHE_RULES): Program<CacheQuestion> {
  const geometry = geometryOf(shape);
  const { points = [], letters } = shape;
  const labels = new Set([...HEADS_AND_LINKS, ...(points === "everything" ? [] : points.flatMap((g) => GROUPS[g]))]);
  return {
    name: programName(shape),
    shared: sharedAtFirst(geometry, shape.listed ?? geometry.framesPerNode),
    threads: (port) => {
      const cache = attached(port, geometry, rules);
      return letters.map((word, thread) => threadOf(cache, word, `T${thread + 1}`, shape.contents ?? false));
    },
    ...(points === "everything" ? {} : { isSchedulePoint: (label: string) => labels.has(label) }),
  };
}

function attached(port: Port, geometry: CacheGeometry, rules: CacheRules): LocklessPageCache {
  const options = { rules, threadNode: geometry.nodes - 1 };
  return LocklessPageCache.attachOver(port, geometry, options, { wide: new WideOverPort(port) });
}

/** The words after the production code has put the first `listed` frames on the list, frame 0 last. */
function sharedAtFirst(geometry: CacheGeometry, listed: number): Int32Array {
  const words = new Int32Array(LocklessPageCache.wordsNeeded(geometry));
  const port = new PlainPort(words);
  LocklessPageCache.initialiseOver(port, geometry);
  const cache = attached(port, geometry, CACHE_RULES);
  cache.populate(0, listed);
  for (let frame = 0; frame < listed; frame++) cache.pop(0);
  for (let frame = listed - 1; frame >= 0; frame--) cache.push(frame);
  cache.reset();
  return words;
}

function threadOf(cache: LocklessPageCache, word: string, name: string, looks: boolean): Thread<CacheQuestion> {
  const operations = [...word].map((letter): Operation<CacheQuestion> => {
    switch (letter) {
      case "o":
        return pop(cache, looks);
      case "u":
        return push(cache);
      case "d":
        return drain(cache);
      case "p":
        return populate(cache, 1);
      case "q":
        return populate(cache, 2);
      case "w":
        return walk(cache);
      default:
        throw new Error(`no operation is called ${letter}`);
    }
  });
  return { name, own: new Array(cache.layout.frames + TALLY.WORDS).fill(0), operations };
}

function pop(cache: LocklessPageCache, looks: boolean): Operation<CacheQuestion> {
  const tally = cache.layout.frames;
  return {
    name: "pop",
    run: (own) => {
      const frame = cache.pop(0);
      if (frame < 0) {
        own[tally + TALLY.MISSES]!++;
        return frame;
      }
      own[tally + TALLY.POPS]!++;
      own[own.indexOf(0)] = frame + 1;
      if (looks) {
        if (cache.readWord(frame, 0) !== 0 || cache.linkOf(frame) !== 0) own[tally + TALLY.STAINS] = frame + 1;
        cache.writeWord(frame, 0, DIRT);
      }
      return frame;
    },
    asks: () => ({ kind: "pop", node: 0 }),
  };
}

function push(cache: LocklessPageCache): Operation<CacheQuestion> {
  const { frames } = cache.layout;
  return {
    name: "push",
    run: (own) => {
      const frame = own[0]! - 1;
      if (frame < 0) return 0;
      cache.push(frame);
      own.copyWithin(0, 1, frames);
      own[frames - 1] = 0;
      own[frames + TALLY.PUSHES]!++;
      return 0;
    },
    asks: (own) => (own[0] === 0 ? null : { kind: "push", frame: own[0]! - 1 }),
  };
}

function drain(cache: LocklessPageCache): Operation<CacheQuestion> {
  return {
    name: "drain",
    run: (own) => {
      const pages = cache.drain(0);
      if (pages > 0) own[cache.layout.frames + TALLY.DRAINS]!++;
      return pages;
    },
    asks: () => ({ kind: "drain", node: 0 }),
  };
}

/** No part of histories: populate is one push after another, and how many depends on a count that may lag. */
function populate(cache: LocklessPageCache, target: number): Operation<CacheQuestion> {
  return {
    name: `populate ${target}`,
    run: (own) => {
      const added = cache.populate(0, target);
      own[cache.layout.frames + TALLY.ADDED]! += added;
      return added;
    },
  };
}

/** A walk that sets an accessed bit in a table which has been given back. No part of histories. */
function walk(cache: LocklessPageCache): Operation<CacheQuestion> {
  return {
    name: "walk",
    run: () => {
      cache.writeWord(0, 0, DIRT);
      return 0;
    },
  };
}

export function layoutOf(shape: CacheProgram): CacheLayout {
  return new CacheLayout(geometryOf(shape));
}
