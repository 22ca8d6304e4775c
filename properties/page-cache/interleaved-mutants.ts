/** One rule dropped, or several, with the claim that falls and the program in which it falls first. */
import type { Claim, Claims, Program } from "../../explore/interleave/program.js";
import { CACHE_RULES, type CacheRules } from "../../impl/page-cache/rules.js";
import type { State } from "../../model/page-cache/index.js";
import { type CacheClaims, cacheClaims } from "./program-claims.js";
import { type CacheProgram, type CacheQuestion, cacheProgram, programName } from "./programs.js";

export interface InterleavedMutant {
  readonly id: string;
  /** The rule that is dropped, in words. */
  readonly rule: string;
  readonly drops: readonly (keyof CacheRules)[];
  /** Rule of the specification that the broken claim stands for. */
  readonly killer: string;
  /** Name of the claim, and turns of the shortest schedule that breaks it. */
  readonly claim: keyof CacheClaims;
  readonly turns: number;
  readonly name: string;
  readonly shape: CacheProgram;
  program(): Program<CacheQuestion>;
  readonly claims: Claims<State, CacheQuestion>;
}

const AT_END: readonly (keyof CacheClaims)[] = ["everyFrameIsOnce", "countsAreExact", "tagCountsTheChanges"];

export function rulesWithout(drops: readonly (keyof CacheRules)[]): CacheRules {
  return { ...CACHE_RULES, ...Object.fromEntries(drops.map((rule) => [rule, false])) };
}

/** A single claim: in every state, or at the end. */
export function onlyClaim(shape: CacheProgram, name: keyof CacheClaims): Claims<State, CacheQuestion> {
  const claim: Claim = cacheClaims(shape)[name];
  return AT_END.includes(name) ? { atEnd: [claim] } : { always: [claim] };
}

function mutant(
  id: string,
  rule: string,
  drops: readonly (keyof CacheRules)[],
  claim: keyof CacheClaims,
  shape: CacheProgram,
  turns: number,
): InterleavedMutant {
  return {
    id,
    rule,
    drops,
    killer: cacheClaims(shape)[claim].id,
    claim,
    turns,
    name: programName(shape),
    shape,
    program: () => cacheProgram(shape, rulesWithout(drops)),
    claims: onlyClaim(shape, claim),
  };
}

const of = (letters: string): readonly string[] => letters.split(" ");
const twoListed: CacheProgram = { letters: of("o dp"), frames: 2, points: ["free"] };

export const interleavedMutants: readonly InterleavedMutant[] = [
  mutant(
    "M28",
    "a page is zeroed before it goes on the list",
    ["zeroAtPush"],
    "poppedPagesAreClean",
    { letters: of("ouo"), contents: true },
    9,
  ),
  mutant(
    "M29",
    "the tag changes with the head",
    ["tagOnPush", "tagOnPop", "tagOnDrain"],
    "noFrameIsTwice",
    { letters: of("o oou") },
    12,
  ),
  mutant("M30", "push and drain change the tag", ["tagOnPush", "tagOnDrain"], "noFrameIsTwice", twoListed, 16),
  mutant("M30-push", "push changes the tag", ["tagOnPush"], "tagCountsTheChanges", { letters: of("ou") }, 6),
  mutant("M30-pop", "pop changes the tag", ["tagOnPop"], "tagCountsTheChanges", { letters: of("ou") }, 6),
  mutant("M30-drain", "drain changes the tag", ["tagOnDrain"], "tagCountsTheChanges", { letters: of("d") }, 8),
  mutant(
    "M31",
    "pop looks at the head before it looks for the page that follows",
    ["headBeforeNext"],
    "noFrameIsTwice",
    { letters: of("o o") },
    8,
  ),
  mutant(
    "M32",
    "push writes the link before the head names the page",
    ["linkBeforeSwap"],
    "everyFrameIsOnce",
    { letters: of("o ou") },
    9,
  ),
  mutant(
    "M34",
    "a page goes on the list of its own node",
    ["ownNode"],
    "framesLieOnTheirNode",
    { letters: of("ou"), nodes: 2 },
    6,
  ),
  mutant(
    "M46",
    "drain takes off the count what it has taken off the list",
    ["exactDrain"],
    "countsAreExact",
    { letters: of("d ou"), points: ["counts"] },
    15,
  ),
];

/**
 * Rules about the tag that nobody needs as long as the others stand: a page that comes back to the top has left it, by pop or
 * drain, and has been pushed. With one of them dropped, or all but push's, these programs keep every claim but the one that
 * counts the changes.
 */
export const equivalentOmissions = {
  drops: [["tagOnPush"], ["tagOnPop"], ["tagOnDrain"], ["tagOnPop", "tagOnDrain"]] as const,
  shapes: (
    [
      "o oou",
      "oou oou",
      "ouou ouou",
      "o o ou",
      "o ou ou",
      "o dp",
      "o dq",
      "o dpou",
      "ou oou",
      "ou dq",
      "o d ou",
    ] as const
  ).map((letters): CacheProgram => ({ letters: of(letters), points: ["free", "unlink"] })),
};

/** A tag that comes round: programs whose other thread changes the head 2, 4 or 8 times between a pop's look and its exchange. */
export interface WrapProgram {
  readonly form: "page taken twice" | "list emptied";
  readonly shape: CacheProgram;
  /** Widths that break, and turns of the shortest schedule. The next width holds. */
  readonly breaks: readonly number[];
  readonly turns: number;
  readonly claim: keyof CacheClaims;
}

export const wrapPrograms: readonly WrapProgram[] = [
  {
    form: "page taken twice",
    shape: { letters: of("o ooou") },
    breaks: [0, 1, 2],
    turns: 15,
    claim: "noFrameIsTwice",
  },
  {
    form: "page taken twice",
    shape: { letters: of("o ououooou") },
    breaks: [3],
    turns: 27,
    claim: "noFrameIsTwice",
  },
  {
    form: "list emptied",
    shape: { letters: of("o ou"), frames: 2, points: ["unlink"] },
    breaks: [0, 1],
    turns: 11,
    claim: "everyFrameIsOnce",
  },
  {
    form: "list emptied",
    shape: { letters: of("o ouou"), frames: 2, points: ["unlink"] },
    breaks: [2],
    turns: 18,
    claim: "everyFrameIsOnce",
  },
];
