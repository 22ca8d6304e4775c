/** What one real thread does to a page cache: it pops and pushes, and marks each page that it owns as its own. */
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import type { CacheRules } from "../../impl/page-cache/rules.js";
import type { CacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import type { StressContext } from "../engine/stress.js";
import type { Plain } from "../engine/system.js";

export interface StressOrder {
  readonly geometry: CacheGeometry;
  readonly rules: CacheRules;
  /** Pops and pushes for this thread to do. */
  readonly operations: number;
  /** After so many rounds this thread drains every node and fills it again; 0 = never. */
  readonly drainEvery: number;
}

export interface StressAnswer {
  readonly operations: number;
  readonly pops: number;
  readonly misses: number;
  readonly pushes: number;
  readonly populated: number;
  /** The first frame that was popped while somebody had it, or −1. */
  readonly taken: number;
  /** The first frame that came with old entries, or −1. */
  readonly stained: number;
}

/** The words of a run: the cache, and behind it a word per frame with its owner, thread + 1, 0 = nobody. */
export function ownersBase(geometry: CacheGeometry): number {
  return LocklessPageCache.wordsNeeded(geometry);
}

/** Even threads pop one page and push it; odd ones pop two and push the one below first, so that the order on the list changes. */
export function stressed(context: StressContext): Plain {
  return { ...new Stressor(context).run() };
}

class Stressor {
  private readonly context: StressContext;
  private readonly order: StressOrder;
  private readonly cache: LocklessPageCache;
  private readonly owners: number;
  private readonly tally = { operations: 0, pops: 0, misses: 0, pushes: 0, populated: 0, taken: -1, stained: -1 };

  constructor(context: StressContext) {
    this.context = context;
    this.order = context.data as unknown as StressOrder;
    const { geometry, rules } = this.order;
    this.cache = LocklessPageCache.attach(context.words, geometry, { rules });
    this.owners = ownersBase(geometry);
  }

  run(): StressAnswer {
    const { context, order, tally } = this;
    const { nodes } = order.geometry;
    const width = 1 + (context.thread % 2);
    for (let round = 1; tally.operations < order.operations && !context.isStopped(); round++) {
      const node = round % nodes;
      const one = this.pop(node);
      const other = width === 2 ? this.pop(node) : -1;
      this.push(one);
      this.push(other);
      if (order.drainEvery > 0 && round % order.drainEvery === 0) this.drainAndFill();
    }
    return tally;
  }

  private pop(node: number): number {
    const { tally, context, owners } = this;
    const frame = this.cache.pop(node);
    tally.operations++;
    if (frame < 0) {
      tally.misses++;
      return frame;
    }
    tally.pops++;
    if (Atomics.exchange(context.words, owners + frame, context.thread + 1) !== 0) {
      tally.taken = frame;
      context.stop();
      return -1;
    }
    if (this.order.geometry.pageWords > 0) {
      if (this.cache.readWord(frame, 0) !== 0) tally.stained = frame;
      this.cache.writeWord(frame, 0, context.thread + 1);
    }
    return frame;
  }

  private push(frame: number): void {
    if (frame < 0) return;
    Atomics.store(this.context.words, this.owners + frame, 0);
    this.cache.push(frame);
    this.tally.operations++;
    this.tally.pushes++;
  }

  private drainAndFill(): void {
    const { nodes, framesPerNode } = this.order.geometry;
    this.cache.drainAll();
    for (let node = 0; node < nodes; node++) this.tally.populated += this.cache.populate(node, framesPerNode);
  }
}
