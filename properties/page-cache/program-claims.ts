/** What is claimed of every schedule of a program in letters. */
import type { View } from "../../explore/interleave/program.js";
import { PAGE_STATE } from "../../impl/page-cache/layout.js";
import type { State } from "../../model/page-cache/index.js";
import type { InterleavedClaim, InterleavedClaims } from "../engine/interleaved.js";
import { cacheModel } from "./cache-model.js";
import { type CacheProgram, type CacheQuestion, layoutOf, TALLY } from "./programs.js";
import { narrowHeadReader, RawWords } from "./raw-words.js";

type CacheClaim = InterleavedClaim;

/** The claims about a program, by name. */
export interface CacheClaims {
  readonly noFrameIsTwice: CacheClaim;
  readonly framesLieOnTheirNode: CacheClaim;
  readonly poppedPagesAreClean: CacheClaim;
  readonly countersLagByWhatIsUnderWay: CacheClaim;
  readonly everyFrameIsOnce: CacheClaim;
  readonly countsAreExact: CacheClaim;
  readonly tagCountsTheChanges: CacheClaim;
}

export function cacheClaims(shape: CacheProgram): CacheClaims {
  const layout = layoutOf(shape);
  // Under the checker a 64-bit head is kept as its code: 16 bits of tag above the number.
  const raw = new RawWords(layout, narrowHeadReader(shape.head === "address" ? 16 : layout.geometry.tagBits));
  return new ProgramClaims(shape, raw);
}

/** What every program must keep: I3, I10, I22, I23 in each state or at the end, the histories, and progress. */
export function allClaims(shape: CacheProgram): InterleavedClaims<State, CacheQuestion> {
  const claims = cacheClaims(shape);
  const { points = [] } = shape;
  const hasPopulate = shape.letters.some((word) => /[pq]/.test(word));
  // Where a push has turns left after its exchange, the page has found its next owner while the pusher still has it in
  // its private words: then the places are judged at the end alone.
  const isLate = points === "everything" || points.some((group) => group !== "free" && group !== "unlink");
  return {
    always: [
      claims.framesLieOnTheirNode,
      claims.poppedPagesAreClean,
      isLate ? claims.countersLagByWhatIsUnderWay : claims.noFrameIsTwice,
    ],
    atEnd: [claims.everyFrameIsOnce, claims.countsAreExact, claims.tagCountsTheChanges],
    nobodyIsHeldUp: true,
    ...(hasPopulate ? {} : { model: cacheModel(shape) }),
  };
}

class ProgramClaims implements CacheClaims {
  private readonly shape: CacheProgram;
  private readonly raw: RawWords;
  private readonly listedAtFirst: number;

  constructor(shape: CacheProgram, raw: RawWords) {
    this.shape = shape;
    this.raw = raw;
    this.listedAtFirst = shape.listed ?? raw.layout.geometry.framesPerNode;
  }

  readonly noFrameIsTwice: CacheClaim = {
    id: "I3",
    name: "noFrameIsTwice",
    why: "a page with two owners is written by both",
    violation: (view) => this.moreThanOnce(view),
  };

  readonly everyFrameIsOnce: CacheClaim = {
    id: "I22",
    name: "everyFrameIsOnce",
    why: "a frame that is in no place is lost, and a link that is left over makes a page look taken",
    violation: (view) => this.notOnce(view) ?? this.wrongLinkOrState(view),
  };

  readonly framesLieOnTheirNode: CacheClaim = {
    id: "I10",
    name: "framesLieOnTheirNode",
    why: "a replica on another node's memory is the very thing that replication removes",
    violation: ({ shared }) => {
      const { layout } = this.raw;
      for (let node = 0; node < layout.geometry.nodes; node++) {
        const stray = this.raw.list(shared, node).frames.find((frame) => layout.nodeOf(frame) !== node);
        if (stray !== undefined) return `frame ${stray} is on the list of node ${node}`;
      }
      return undefined;
    },
  };

  readonly poppedPagesAreClean: CacheClaim = {
    id: "I23",
    name: "poppedPagesAreClean",
    why: "entries that a table begins with are followed by the hardware",
    violation: (view) => {
      for (let thread = 0; thread < view.threadCount; thread++) {
        const frame = this.tally(view, thread, TALLY.STAINS) - 1;
        if (frame >= 0) return `frame ${frame} was popped with old entries or an old link`;
      }
      return undefined;
    },
  };

  readonly countersLagByWhatIsUnderWay: CacheClaim = {
    id: "I28",
    name: "countersLagByWhatIsUnderWay",
    why: "between an operation's effect and its counting others look; they may be late by one each and no more",
    violation: (view) => this.tooFarOff(view),
  };

  readonly countsAreExact: CacheClaim = {
    id: "I28",
    name: "countsAreExact",
    why: "a count that has drifted makes every later populate fill too much or too little",
    violation: (view) => {
      const { shared } = view;
      const wanted = {
        count: this.raw.list(shared, 0).frames.length,
        hits: this.sum(view, TALLY.POPS),
        misses: this.sum(view, TALLY.MISSES),
        returns: this.sum(view, TALLY.PUSHES) + this.sum(view, TALLY.ADDED),
      };
      const found = this.counted(shared);
      for (const name of ["count", "hits", "misses", "returns"] as const) {
        if (found[name] !== wanted[name]) return `${name} is ${found[name]}, and should be ${wanted[name]}`;
      }
      return undefined;
    },
  };

  readonly tagCountsTheChanges: CacheClaim = {
    id: "W6",
    name: "tagCountsTheChanges",
    why: "each change of the head must show in the tag; how much may be left out depends on who else does not",
    violation: (view) => {
      const { geometry } = this.raw.layout;
      // Filled, emptied and filled again.
      const before = 3 * this.listedAtFirst;
      const { hits, returns } = this.counted(view.shared);
      const wanted = (before + hits + returns + this.sum(view, TALLY.DRAINS)) % 2 ** geometry.tagBits;
      const found = this.raw.tag(view.shared, 0);
      return found === wanted ? undefined : `the tag is ${found}, and the head's changes make it ${wanted}`;
    },
  };

  /** Where each frame is: free, on lists, and with threads that do not just give it back. */
  private places(view: View, alsoGoing: boolean): string[][] {
    const { layout } = this.raw;
    const places: string[][] = Array.from({ length: layout.frames }, () => []);
    for (let node = 0; node < layout.geometry.nodes; node++) {
      for (const frame of this.raw.list(view.shared, node).frames) places[frame]!.push(`on the list of node ${node}`);
      for (const frame of this.raw.free(view.shared, node)) places[frame]!.push("free");
    }
    for (let thread = 0; thread < view.threadCount; thread++) {
      for (const kept of view.own(thread).subarray(0, layout.frames)) {
        if (kept === 0) continue;
        const isGoing = this.raw.state(view.shared, kept - 1) === PAGE_STATE.Cached;
        if (alsoGoing || !isGoing) places[kept - 1]!.push(`with T${thread + 1}`);
      }
    }
    return places;
  }

  private moreThanOnce(view: View): string | undefined {
    for (let node = 0; node < this.raw.layout.geometry.nodes; node++) {
      const { broken } = this.raw.list(view.shared, node);
      if (broken !== undefined) return `the list of node ${node} comes to frame ${broken} a second time`;
    }
    const places = this.places(view, false);
    const frame = places.findIndex((found) => found.length > 1);
    return frame < 0 ? undefined : `frame ${frame} is ${places[frame]!.join(" and ")}`;
  }

  private notOnce(view: View): string | undefined {
    const places = this.places(view, true);
    const frame = places.findIndex((found) => found.length !== 1);
    if (frame < 0) return undefined;
    return `frame ${frame} is ${places[frame]!.length === 0 ? "nowhere" : places[frame]!.join(" and ")}`;
  }

  private wrongLinkOrState(view: View): string | undefined {
    const { layout } = this.raw;
    const { shared } = view;
    const lists = Array.from({ length: layout.geometry.nodes }, (_, node) => this.raw.list(shared, node).frames);
    const free = Array.from({ length: layout.geometry.nodes }, (_, node) => this.raw.free(shared, node)).flat();
    for (let frame = 0; frame < layout.frames; frame++) {
      const isListed = lists.some((list) => list.includes(frame));
      if (!isListed && this.raw.link(shared, frame) >= 0) return `frame ${frame} is on no list and has a link`;
      const wanted = isListed ? PAGE_STATE.Cached : free.includes(frame) ? PAGE_STATE.Free : PAGE_STATE.Out;
      const found = this.raw.state(shared, frame);
      if (found !== wanted) return `frame ${frame} has state ${found}, and should have ${wanted}`;
    }
    return undefined;
  }

  /** Bounds by the operation that each thread may be in the middle of. */
  private tooFarOff(view: View): string | undefined {
    const { letters } = this.shape;
    const frames = this.raw.layout.frames;
    const under = letters.map((word, thread) => word[view.returned(thread)] ?? "");
    const many = (pattern: RegExp): number => under.filter((letter) => pattern.test(letter)).length;
    const found = this.counted(view.shared);
    const off = found.count - this.raw.list(view.shared, 0).frames.length;
    // A push counts after its effect, as pop and drain do, so the count is low by pushes and high by the others.
    if (off < -many(/[upq]/) || off > many(/o/) + many(/d/) * frames) {
      return `the count is off by ${off} while ${under.join(", ")} are under way`;
    }
    const bounds = [
      ["hits", this.sum(view, TALLY.POPS), many(/o/)],
      ["misses", this.sum(view, TALLY.MISSES), many(/o/)],
      ["returns", this.sum(view, TALLY.PUSHES) + this.sum(view, TALLY.ADDED), many(/u/) + many(/[pq]/) * frames],
    ] as const;
    for (const [name, done, running] of bounds) {
      if (found[name] < done || found[name] > done + running) {
        return `${name} is ${found[name]} after ${done} and with ${running} under way`;
      }
    }
    return undefined;
  }

  private counted(shared: Int32Array) {
    const { raw } = this;
    return {
      count: raw.count(shared, 0),
      hits: raw.counter(shared, 0, "HITS"),
      misses: raw.counter(shared, 0, "MISSES"),
      returns: raw.counter(shared, 0, "RETURNS"),
    };
  }

  private tally(view: View, thread: number, which: number): number {
    return view.own(thread)[this.raw.layout.frames + which]!;
  }

  private sum(view: View, which: number): number {
    let sum = 0;
    for (let thread = 0; thread < view.threadCount; thread++) sum += this.tally(view, thread, which);
    return sum;
  }
}
