/** `pagetwin mutants`: each rule left out once, and the shortest story that shows why it is there. */

import type { CoherencyHunt } from "../properties/coherency/mutant-story.js";
import type { AnySystem } from "../properties/engine/any-system.js";
import { type Hunt, hunt } from "../properties/engine/hunt.js";
import type { Mutant } from "../properties/engine/system.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { counted, wrap } from "./chart.js";
import { colours } from "./colours.js";
import { saveCounterexample } from "./counterexample-file.js";
import { requireWritableFolder } from "./files.js";
import { modeTable } from "./mutant-modes.js";
import { EXIT } from "./report.js";
import type { Terminal } from "./terminal.js";
import { plainTable } from "./text-table.js";

export interface MutantsOptions {
  readonly seed: number;
  readonly runs: number;
  readonly states?: number;
  /** Most seconds of wall time for each search. */
  readonly seconds?: number;
  /** Ids; all of them unless given. */
  readonly only?: readonly string[];
  /** Folder for the stories; they are not written unless given. */
  readonly findings?: string;
  readonly json?: boolean;
  /** By system: how its mutants are hunted, where that is not the common way. */
  readonly hunters?: Readonly<Record<string, Hunter>>;
}

/** How the mutants of a system are hunted that has an own way. */
export interface Hunter {
  /** @param limits of each search */
  hunt(mutant: Mutant, limits?: Pick<MutantsOptions, "states" | "seconds">): CoherencyHunt;
  /** Rows of the specification that have no mutant, and why. */
  readonly withoutMutant: readonly { readonly row: string; readonly because: string }[];
}

/** One row of docs/schemas/mutants-1.schema.json. */
interface MutantResult {
  readonly system: string;
  readonly id: string;
  readonly rule: string;
  readonly verdict: Hunt["verdict"];
  readonly invariant: string | null;
  readonly engine: string | null;
  readonly scope: string | null;
  readonly steps: number | null;
  readonly unexpected: boolean;
  readonly exhausted: readonly string[];
  readonly unfinished: readonly string[];
  readonly story: readonly string[];
  readonly finding?: string;
  readonly source?: string;
  readonly modes?: CoherencyHunt["modes"];
}

/** Of all mutants that were looked for, by verdict. */
type Counts = Readonly<Record<Hunt["verdict"] | "total", number>>;

/** @returns the exit code: 1 if a mutant survives, else 3 if a limit was reached before the verdict on one */
export async function mutants(
  systems: readonly AnySystem[],
  options: MutantsOptions,
  terminal: Terminal,
): Promise<number> {
  const { seed, runs, states, seconds, only, findings } = options;
  if (findings !== undefined) requireWritableFolder("--findings", findings);
  const known = systems.flatMap((system) => system.mutants.map(({ id }) => id));
  const unknown = only?.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new PagetwinError("ARGUMENT", `--only ${unknown}: expected ids out of ${known.join(", ")}`);
  const results: MutantResult[] = [];
  for (const system of systems) {
    for (const mutant of system.mutants.filter(({ id }) => only === undefined || only.includes(id))) {
      terminal.progress(`${system.name} without ${mutant.id}: ${mutant.rule}`);
      const limits = {
        ...(states === undefined ? {} : { states }),
        ...(seconds === undefined ? {} : { seconds }),
      };
      const own = options.hunters?.[system.name]?.hunt(mutant, limits);
      const result = resultOf(system, own ?? hunt(system, mutant, { seed, runs, ...limits }), findings);
      results.push(own === undefined ? result : { ...result, source: own.source, modes: own.modes });
    }
  }
  terminal.settle();
  const count = (verdict: Hunt["verdict"]) => results.filter((result) => result.verdict === verdict).length;
  const counts: Counts = {
    killed: count("killed"),
    equivalent: count("equivalent"),
    survived: count("survived"),
    unfinished: count("unfinished"),
    total: results.length,
  };
  const withoutMutant =
    only === undefined ? systems.flatMap(({ name }) => options.hunters?.[name]?.withoutMutant ?? []) : [];
  const rows = withoutMutant.length === 0 ? {} : { withoutMutant };
  const report = { version: 1, seed, ...counts, mutants: results, ...rows };
  const sampled = systems.filter(({ sampleScopes }) => sampleScopes.length > 0).map(({ name }) => name);
  const modes = modeTable(results, withoutMutant);
  terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : text(results, modes, counts, seed, sampled));
  if (counts.survived > 0) return EXIT.violated;
  return counts.unfinished > 0 ? EXIT.unfinished : EXIT.held;
}

function resultOf(system: AnySystem, found: Hunt, folder: string | undefined): MutantResult {
  const { mutant, verdict, counterexample, unexpected, exhausted, unfinished } = found;
  return {
    system: system.name,
    id: mutant.id,
    rule: mutant.rule,
    verdict,
    invariant: counterexample?.violation.invariant ?? null,
    engine: counterexample?.engine ?? null,
    scope: counterexample?.scope.name ?? null,
    steps: counterexample?.steps.length ?? null,
    unexpected,
    exhausted,
    unfinished,
    story: counterexample?.steps.map(({ actor, says }) => `${actor}: ${says}`) ?? [],
    ...(folder !== undefined && counterexample !== undefined
      ? { finding: saveCounterexample(folder, counterexample) }
      : {}),
  };
}

function text(
  results: readonly MutantResult[],
  modes: readonly string[],
  { killed, equivalent, survived, unfinished, total }: Counts,
  seed: number,
  sampled: readonly string[],
): string {
  const rows = results.map((result) => [
    result.id,
    paint(result)(result.verdict),
    result.invariant ?? "",
    result.engine ?? "",
    result.steps === null ? "" : String(result.steps),
    result.scope ?? "",
  ]);
  const stories = results.flatMap((result) => [
    "",
    ...wrap(`${result.id}: ${result.rule}`, 100),
    ...lines(result, sampled.includes(result.system)),
  ]);
  return [
    plainTable(["mutant", "verdict", "killed by", "engine", "steps", "scope"], rows).trimEnd(),
    ...modes,
    ...stories,
    "",
    `${counted(total, "mutant")}: ${killed} killed, ${equivalent} equivalent, ${survived} survived${unfinished > 0 ? `, ${unfinished} unfinished` : ""}`,
    `seed ${seed}`,
    "",
  ].join("\n");
}

function lines(result: MutantResult, isSampled: boolean): string[] {
  const { verdict, story, unexpected, invariant, exhausted, unfinished } = result;
  const told = story.flatMap((step, at) =>
    wrap(`${at + 1}. ${step}`, 94).map((line, part) => (part === 0 ? "    " : "       ") + line),
  );
  if (verdict === "killed")
    return unexpected ? [...told, `    killed by ${invariant}, which is not what this rule is for`] : told;
  if (verdict === "equivalent")
    return isSampled
      ? wrap(`no difference in any state of ${exhausted.join("; ")}, nor in what was sampled`, 96).map(
          (line) => `    ${line}`,
        )
      : wrap(`no property breaks in any state of ${exhausted.join("; ")}`, 96).map((line) => `    ${line}`);
  const searched = [
    ...(exhausted.length > 0 ? [`exhausted: ${exhausted.join("; ")}`] : []),
    ...(unfinished.length > 0 ? [`not searched to the end: ${unfinished.join("; ")}`] : []),
    ...(isSampled ? ["sampled"] : []),
  ];
  const words = verdict === "unfinished" ? "no verdict, nothing found so far" : "nothing found";
  return wrap(`${words} (${searched.join("; ")})`, 96).map((line) => `    ${line}`);
}

function paint({ verdict, unexpected }: MutantResult): (text: string) => string {
  if (verdict === "survived") return colours.red;
  return verdict !== "killed" || unexpected ? colours.yellow : colours.green;
}
