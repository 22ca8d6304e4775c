/** What holds of the words between operations, and across one. Schedules are in program-claims.ts. */
import { PAGE_STATE } from "../../impl/page-cache/layout.js";
import type { Answer, Operation } from "../../vocabulary/page-cache/operations.js";
import type { Invariant, StepInvariant } from "../engine/system.js";
import { statisticsOf } from "./meaning.js";
import { type CacheView, framesOf, nodesOf } from "./view.js";

const framesAreInOnePlace: Invariant<CacheView> = {
  id: "I3",
  name: "framesAreInOnePlace",
  why: "a frame in two places has two owners, one in none is lost, and a link left over makes a page look taken",
  *violations(view) {
    const { raw, words } = view;
    const nodes = nodesOf(view);
    const lists = nodes.map((node) => raw.list(words, node).frames);
    const free = nodes.flatMap((node) => raw.free(words, node));
    for (const frame of framesOf(view)) {
      const state = raw.state(words, frame);
      const listed = lists.filter((list) => list.includes(frame)).length;
      const places = listed + (free.includes(frame) ? 1 : 0) + (state === PAGE_STATE.Out ? 1 : 0);
      if (places !== 1) yield `frame ${frame} is in ${places} places`;
      if (listed === 0 && raw.link(words, frame) >= 0) yield `frame ${frame} is on no list and has a link`;
    }
  },
};

const framesLieOnTheirNode: Invariant<CacheView> = {
  id: "I10",
  name: "framesLieOnTheirNode",
  why: "a replica on another node's memory is the very thing that replication removes",
  *violations(view) {
    const { raw, words } = view;
    for (const node of nodesOf(view)) {
      for (const frame of raw.list(words, node).frames) {
        if (raw.layout.nodeOf(frame) !== node) yield `frame ${frame} is on the list of node ${node}`;
      }
    }
  },
};

const cachedPagesAreZero: Invariant<CacheView> = {
  id: "I23",
  name: "cachedPagesAreZero",
  why: "pop trusts the content: entries that a table begins with are followed by the hardware",
  *violations(view) {
    const { raw, words } = view;
    for (const node of nodesOf(view)) {
      for (const frame of raw.list(words, node).frames) {
        if (!raw.isZero(words, frame)) yield `frame ${frame} is on the list and not zero`;
      }
    }
  },
};

const countIsTheLength: Invariant<CacheView> = {
  id: "I28",
  name: "countIsTheLength",
  why: "populate fills by the count",
  *violations(view) {
    const { raw, words } = view;
    for (const node of nodesOf(view)) {
      const [count, length] = [raw.count(words, node), raw.list(words, node).frames.length];
      if (count !== length) yield `node ${node} counts ${count} pages and has ${length}`;
    }
  },
};

export const invariants: readonly Invariant<CacheView>[] = [
  framesAreInOnePlace,
  framesLieOnTheirNode,
  cachedPagesAreZero,
  countIsTheLength,
];

type StepClaim = StepInvariant<Operation, Answer, CacheView>;

/** How often an operation has changed the head of each node, told by its answer and what was counted. */
function changes(before: CacheView, operation: Operation, answer: Answer, after: CacheView): readonly number[] {
  const [old, now] = [statisticsOf(before), statisticsOf(after)];
  return nodesOf(after).map((node) => {
    if (operation.kind === "drain" || operation.kind === "drainAll") {
      return before.raw.list(before.words, node).frames.length > 0 && after.raw.count(after.words, node) === 0 ? 1 : 0;
    }
    if (answer.kind === "frame" || operation.kind === "push" || operation.kind === "populate") {
      return now[node]!.hits - old[node]!.hits + now[node]!.returns - old[node]!.returns;
    }
    return 0;
  });
}

const tagMovesWithTheHead: StepClaim = {
  id: "W6",
  name: "tagMovesWithTheHead",
  why: "an exchange whose expectation is out of date fails by the tag and by nothing else",
  *violations(before, operation, answer, after) {
    const { tagBits } = after.raw.layout.geometry;
    const moved = changes(before, operation, answer, after);
    for (const node of nodesOf(after)) {
      const wanted = (before.raw.tag(before.words, node) + moved[node]!) % 2 ** tagBits;
      const found = after.raw.tag(after.words, node);
      if (found !== wanted)
        yield `node ${node} has tag ${found} after ${moved[node]} changes, and should have ${wanted}`;
    }
  },
};

const countersFollowTheAnswers: StepClaim = {
  id: "I28",
  name: "countersFollowTheAnswers",
  why: "hits and misses together are the pops, returns are the pushes",
  *violations(before, operation, answer, after) {
    if (operation.kind === "reset") return;
    const [old, now] = [statisticsOf(before), statisticsOf(after)];
    const sum = (name: "hits" | "misses" | "returns"): number =>
      nodesOf(after).reduce((total, node) => total + now[node]![name] - old[node]![name], 0);
    const pops = operation.kind === "pop" ? 1 : 0;
    const populated = operation.kind === "populate" && answer.kind === "moved" ? answer.pages : 0;
    const returns = operation.kind === "push" ? 1 : populated;
    if (sum("hits") + sum("misses") !== pops) yield `hits and misses grew by ${sum("hits") + sum("misses")}`;
    if (sum("returns") !== returns) yield `returns grew by ${sum("returns")}, and should have by ${returns}`;
  },
};

export const stepInvariants: readonly StepClaim[] = [tagMovesWithTheHead, countersFollowTheAnswers];
