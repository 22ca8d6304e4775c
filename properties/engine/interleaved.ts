/** What a system offers to the engine of interleavings: programs of a few threads through its production code. */
import type { Claim, Claims, Program } from "../../explore/interleave/program.js";

/** A claim of a program, with the rule that it stands for. */
export interface InterleavedClaim extends Claim {
  /** Rule id of the specification, such as `I17`. */
  readonly id: string;
  readonly why: string;
  /** Of a claim that stands for several rules: their ids. Its witness begins with that of the rule that broke, and a colon. */
  readonly rules?: readonly string[];
}

export interface InterleavedClaims<State = unknown, Question = unknown> extends Claims<State, Question> {
  readonly always?: readonly InterleavedClaim[];
  readonly atEnd?: readonly InterleavedClaim[];
}

/** One program, all schedules of it. */
export interface InterleavedScope {
  /** Distinct from all other scopes of the system. */
  readonly name: string;
  readonly title: string;
  /** A fresh program. @param without id of the mutant whose rule the code drops */
  program(without?: string): Program;
  readonly claims: InterleavedClaims;
  /** Pinned counts of the unmutated program. */
  readonly expected?: { readonly states: number; readonly steps: number };
  /** Most context switches of a schedule; any number unless given. A bounded search is unfinished, never held. */
  readonly switches?: number;
  /** As of other scopes: `mutants` are searched for mutants only. */
  readonly effort: "quick" | "long" | "mutants";
}

/** What the engine itself claims of every program. */
export const ENGINE_CLAIMS: Readonly<Record<string, { readonly id: string; readonly why: string }>> = {
  operationsDoNotThrow: { id: "thrown", why: "no schedule may lead production code to an error" },
  historiesAreLinearizable: {
    id: "linearizable",
    why: "what the threads were answered must be explained by some order of whole operations",
  },
  endsWhereTheModelMay: {
    id: "linearizable",
    why: "the words at the end must mean a state that such an order leads to",
  },
  nobodyIsHeldUp: { id: "progress", why: "whoever stops, wherever it stops, must hold up nobody" },
  everyOperationCanReturn: { id: "deadlock", why: "from every state some schedule must let all operations return" },
};

/** Everything that is judged in a program, each claim once. */
export function claimsOfScope({ claims }: InterleavedScope): { readonly id: string; readonly name: string }[] {
  const { always = [], atEnd = [], model, nobodyIsHeldUp = false, allowsDeadlock = false } = claims;
  const own = [
    "operationsDoNotThrow",
    ...(model === undefined ? [] : ["historiesAreLinearizable"]),
    ...(model?.meaning === undefined ? [] : ["endsWhereTheModelMay"]),
    ...(nobodyIsHeldUp ? ["nobodyIsHeldUp"] : []),
    ...(allowsDeadlock ? [] : ["everyOperationCanReturn"]),
  ];
  return [
    ...[...always, ...atEnd].map(({ id, name }) => ({ id, name })),
    ...own.map((name) => ({ id: ENGINE_CLAIMS[name]!.id, name })),
  ];
}

/** The claims that stand for these rules. */
export function onlyClaims(claims: InterleavedClaims, ids: readonly string[]): InterleavedClaims {
  const { always = [], atEnd = [], model, nobodyIsHeldUp = false, ...rest } = claims;
  const isAsked = ({ id, rules = [] }: InterleavedClaim) => [id, ...rules].some((each) => ids.includes(each));
  return {
    ...rest,
    always: always.filter(isAsked),
    atEnd: atEnd.filter(isAsked),
    nobodyIsHeldUp: nobodyIsHeldUp && ids.includes("progress"),
    allowsDeadlock: !ids.includes("deadlock"),
    ...(model !== undefined && ids.includes("linearizable") ? { model } : {}),
  };
}
