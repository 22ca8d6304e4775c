/**
 * The programs whose schedules are exhausted, each with the numbers of states and steps that its search has. All claims of
 * allClaims are made of them.
 */
import type { Program } from "../../explore/interleave/program.js";
import { CACHE_RULES, type CacheRules } from "../../impl/page-cache/rules.js";
import type { State } from "../../model/page-cache/index.js";
import type { InterleavedClaims } from "../engine/interleaved.js";
import { allClaims } from "./program-claims.js";
import { type CacheProgram, type CacheQuestion, cacheProgram, programName } from "./programs.js";

export interface InterleavedProgram {
  readonly name: string;
  readonly title: string;
  readonly shape: CacheProgram;
  program(rules?: CacheRules): Program<CacheQuestion>;
  readonly claims: InterleavedClaims<State, CacheQuestion>;
  readonly expected: { readonly states: number; readonly steps: number };
  readonly effort: "quick" | "long";
}

function entry(
  title: string,
  shape: CacheProgram,
  states: number,
  steps: number,
  effort: InterleavedProgram["effort"] = "quick",
): InterleavedProgram {
  return {
    name: programName(shape),
    title,
    shape,
    program: (rules: CacheRules = CACHE_RULES) => cacheProgram(shape, rules),
    claims: allClaims(shape),
    expected: { states, steps },
    effort,
  };
}

const of = (letters: string): readonly string[] => letters.split(" ");

export const interleavedPrograms: readonly InterleavedProgram[] = [
  entry("one pops while another pops twice and pushes", { letters: of("o oou") }, 365, 545),
  entry("two take and give", { letters: of("ou ou") }, 257, 382),
  entry("two take two and give one", { letters: of("oou oou") }, 1349, 2036),
  entry("two take and give twice", { letters: of("ouou ouou") }, 5947, 9588),
  entry("two pop while a third takes and gives", { letters: of("o o ou") }, 4012, 7307),
  entry("one pops while two take and give", { letters: of("o ou ou") }, 20_672, 41_118),
  entry("three take and give", { letters: of("ou ou ou") }, 66_012, 134_289),
  entry("three take two and give one", { letters: of("oou oou oou") }, 704_784, 1_427_454, "long"),
  entry("a drain while another takes and gives", { letters: of("ou d"), points: ["free"] }, 273, 446),
  entry("a drain while another takes two and gives one", { letters: of("oou d"), points: ["free"] }, 525, 869),
  entry("two drains", { letters: of("d d"), points: ["free"] }, 84, 140),
  entry("a drain, a pop, and one who takes and gives", { letters: of("o d ou"), points: ["free"] }, 8879, 19_547),
  entry("drained and filled again while another takes and gives", { letters: of("dp ou"), points: ["free"] }, 407, 655),
  entry("drained and filled with two", { letters: of("ou dq"), points: ["free"] }, 817, 1328),
  entry(
    "two fill at once: each looks at the count before the other has counted",
    { letters: of("q q"), listed: 0, frames: 4, points: ["free", "counts"] },
    13_248,
    23_434,
  ),
  entry(
    "a drain while a push has not counted yet",
    { letters: of("d ou"), points: ["counts", "counters", "unlink"] },
    454,
    797,
  ),
  entry("two take and give, every access a turn", { letters: of("ou ou"), points: "everything" }, 1545, 2732),
  entry("a drain, every access a turn", { letters: of("ou d"), points: "everything" }, 599, 1062),
  entry(
    "pages with content, every access a turn",
    { letters: of("o ou"), contents: true, points: "everything" },
    1625,
    2949,
  ),
  entry("two take and give, the original's head", { letters: of("ou ou"), head: "address" }, 257, 382),
  entry("two take two and give one, the original's head", { letters: of("oou oou"), head: "address" }, 1349, 2036),
];
