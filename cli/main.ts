/**
 * The `pagetwin` command: flags, and which function they go to. Everything heavy is loaded when a command is run, so that
 * `--help` is immediate.
 */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Command, CommanderError, Option } from "commander";
import { PagetwinError } from "../vocabulary/errors.js";
import { addCalculators } from "./calculators.js";
import type { CheckOptions } from "./check.js";
import { addCoherencyFlags, type CoherencyFlags, collect, joinedBound } from "./coherency-flags.js";
import { integerFlag } from "./cost-input.js";
import { OWN_MAPS, packageFile } from "./files.js";
import type { MutantsOptions } from "./mutants.js";

const BAD_INPUT = 2;
const SEED = 1;
const SEED_MAX = 2 ** 31 - 1;
const RUNS = 100;
const RUNS_MUTANT = 200;
const RUNS_THREADS = 10;
const RUNS_MAX = 10_000_000;
const STATES_MAX = 2 ** 30;
const SECONDS_MAX = 1_000_000;
const SWITCHES_MAX = 2 ** 31 - 1;
const EXECUTIONS_MAX = 2 ** 31 - 1;
/** Searches at a time, unless asked for: each may take much memory. */
const JOBS = 4;
const JOBS_MAX = 64;
const PAGES_MAX = 16_384;
/** Pages of the command's own process that are touched, among the quick checks. */
const PAGES_OWN = 256;

/** What `check` and `mutants` are given on the command line. */
interface Flags extends CoherencyFlags {
  readonly seed?: string;
  readonly runs?: string;
  readonly states?: string;
  readonly seconds?: string;
  readonly switches?: string;
  readonly executions?: string;
  readonly jobs?: string;
  readonly findings?: string;
  readonly only?: string;
  readonly scope?: string;
  readonly maps?: readonly string[];
  readonly pages?: string;
  readonly latency?: string;
  readonly exhaustive?: boolean;
  readonly stress?: boolean;
  readonly json?: boolean;
  readonly junit?: string;
  readonly sarif?: string;
  readonly quiet?: boolean;
}

/**
 * Runs the command and sets the process's exit code: 0 all held, 1 a violation, 2 bad usage or input, 3 cut short.
 * @param argv as in process.argv: interpreter and script first
 */
export async function run(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(); // who reads has had enough
  });
  try {
    await commandLine().parseAsync([...joinedBound(argv)]);
  } catch (error) {
    process.exitCode = codeOf(error);
  }
}

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT; // it has said why itself
  if (!(error instanceof PagetwinError)) throw error;
  process.stderr.write(`pagetwin: ${oneLine(error.message)}\n`);
  return BAD_INPUT;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

/** All commands with their flags, nothing run yet. */
export function commandLine(): Command {
  const program = new Command("pagetwin")
    .description("Hunts for disagreements between reference models of page-table systems and their implementations.")
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`pagetwin: ${oneLine(text.replace(/^error: /, ""))}\n`) })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      "\nExit codes: 0 all held, 1 a property was violated, 2 bad usage or input, 3 a limit was reached before a verdict.",
    );
  addCheck(program);
  addMutants(program);
  addReplay(program);
  addCalculators(program);
  return program;
}

function version(): string {
  return JSON.parse(readFileSync(packageFile("package.json"), "utf8")).version;
}

function addCheck(program: Command): void {
  const command = program
    .command("check")
    .description("run both twins of a system, or of all, through their scopes")
    .argument("[system]", "such as replication; all systems unless given")
    .option("--exhaustive", "the long scopes as well")
    .option("--stress", "real threads as well, where a system has any; these results may differ from run to run")
    .option("--scope <name>", "only this scope")
    .option("--seed <n>", `for what is drawn (${SEED})`)
    .option("--runs <n>", `command sequences for each large scope (${RUNS})`)
    .option("--states <n>", "most states of a small scope; one that has more is unfinished")
    .option("--seconds <n>", "most seconds for each search; one that takes more is unfinished")
    .option("--switches <n>", "most context switches of a schedule of threads; a bounded search is unfinished")
    .option(
      "--executions <n>",
      "schedules of threads one by one, with sleep sets, this many at most, in place of their states",
    )
    .option("--jobs <n>", `searches at a time (as many as there are CPUs, ${JOBS} at most)`)
    .addOption(
      new Option("--maps <file>", "layout of a live process, such as /proc/1234/maps; may be given again").argParser(
        collect,
      ),
    )
    .option("--pages <n>", "most pages of that process that are touched (4096)")
    .option("--latency <file>", "cycles from node to node, for what its page walks would cost")
    .option("--findings <folder>", "where counterexamples are written (findings)")
    .option("--json", "one document on stdout")
    .option("--junit <file>", "a JUnit report as well")
    .option("--sarif <file>", "a SARIF report as well")
    .option("--quiet", "no progress")
    .action(async (system: string | undefined, flags: Flags) => {
      const [{ check }, { checkedSystems }, { terminalOf }, { refuseInstance }] = await Promise.all([
        import("./check.js"),
        import("./check-systems.js"),
        import("./terminal.js"),
        import("./coherency.js"),
      ]);
      refuseInstance(flags, system);
      if (flags.maps !== undefined && system !== undefined && system !== "replication") {
        throw new PagetwinError("ARGUMENT", `--maps: expected the system replication, not ${system}`);
      }
      for (const flag of ["pages", "latency"] as const) {
        if (flags[flag] !== undefined && flags.maps === undefined) {
          throw new PagetwinError("ARGUMENT", `--${flag} belongs to a layout: expected --maps as well`);
        }
      }
      const terminal = await terminalOf(flags.quiet ?? false);
      const { systems, explorers } = await checkedSystems(system, flags);
      const threads = integerFlag("--jobs", flags.jobs, Math.min(availableParallelism(), JOBS), 1, JOBS_MAX);
      const options = { ...checkOptions(system, flags, terminal.err), explorers, jobs: { threads, system, flags } };
      process.exitCode = await check(systems, options, terminal);
    });
  addCoherencyFlags(command);
}

function checkOptions(system: string | undefined, flags: Flags, err: (text: string) => void): CheckOptions {
  const { exhaustive, stress, scope, latency, json, junit, sarif } = flags;
  const states = integerFlag("--states", flags.states, 0, 1, STATES_MAX);
  const seconds = integerFlag("--seconds", flags.seconds, 0, 1, SECONDS_MAX);
  const switches = integerFlag("--switches", flags.switches, -1, 0, SWITCHES_MAX);
  const executions = integerFlag("--executions", flags.executions, 0, 1, EXECUTIONS_MAX);
  const maps = flags.maps ?? (system === undefined && scope === undefined ? ownLayout(err) : []);
  const mapsOnly = flags.maps !== undefined && system !== undefined && scope === undefined && !exhaustive;
  const pages = integerFlag("--pages", flags.pages, flags.maps === undefined ? PAGES_OWN : 0, 2, PAGES_MAX);
  return {
    seed: integerFlag("--seed", flags.seed, SEED, 0, SEED_MAX),
    runs: integerFlag("--runs", flags.runs, RUNS, 1, RUNS_MAX),
    findings: flags.findings ?? "findings",
    maps,
    mapsOnly,
    ...(pages === 0 ? {} : { pages }),
    ...(latency === undefined ? {} : { latency }),
    ...(states === 0 ? {} : { states }),
    ...(seconds === 0 ? {} : { seconds }),
    ...(switches < 0 ? {} : { switches }),
    ...(executions === 0 ? {} : { executions }),
    ...(exhaustive === undefined ? {} : { exhaustive }),
    ...(stress === undefined ? {} : { stress }),
    ...(scope === undefined ? {} : { scope }),
    ...(json === undefined ? {} : { json }),
    ...(junit === undefined ? {} : { junit }),
    ...(sarif === undefined ? {} : { sarif }),
  };
}

/** The command's own process is a live one. */
function ownLayout(err: (text: string) => void): readonly string[] {
  if (process.platform === "linux") return [OWN_MAPS];
  err("pagetwin: the layout of a live process is left out: only Linux has /proc/PID/maps\n");
  return [];
}

function addMutants(program: Command): void {
  program
    .command("mutants")
    .description("leave out each rule once, and show the shortest story that needs it")
    .argument("[system]", "such as replication; all systems unless given")
    .option("--only <ids>", "ids of mutants, separated by commas")
    .option("--seed <n>", `for what is drawn (${SEED})`)
    .option("--runs <n>", `command sequences where exploring does not find one (${RUNS_MUTANT})`)
    .option("--states <n>", "most states of a scope to look through; a mutant that is not killed then is unfinished")
    .option("--seconds <n>", "most seconds for each search; likewise")
    .option("--findings <folder>", "write each story to this folder")
    .option("--json", "one document on stdout")
    .option("--quiet", "no progress")
    .action(async (system: string | undefined, flags: Flags) => {
      const [{ mutants }, { loadSystems }, { terminalOf }, { huntForStory }, { rowsWithoutMutant }] = await Promise.all(
        [
          import("./mutants.js"),
          import("./systems.js"),
          import("./terminal.js"),
          import("../properties/coherency/mutant-story.js"),
          import("../properties/coherency/mutants.js"),
        ],
      );
      const options = {
        ...mutantsOptions(flags),
        hunters: { coherency: { hunt: huntForStory, withoutMutant: rowsWithoutMutant } },
      };
      process.exitCode = await mutants(await loadSystems(system), options, await terminalOf(flags.quiet ?? false));
    });
}

function mutantsOptions(flags: Flags): MutantsOptions {
  const { findings, json } = flags;
  const states = integerFlag("--states", flags.states, 0, 1, STATES_MAX);
  const seconds = integerFlag("--seconds", flags.seconds, 0, 1, SECONDS_MAX);
  return {
    seed: integerFlag("--seed", flags.seed, SEED, 0, SEED_MAX),
    runs: integerFlag("--runs", flags.runs, RUNS_MUTANT, 1, RUNS_MAX),
    ...(states === 0 ? {} : { states }),
    ...(seconds === 0 ? {} : { seconds }),
    ...(flags.only === undefined ? {} : { only: flags.only.split(",") }),
    ...(findings === undefined ? {} : { findings }),
    ...(json === undefined ? {} : { json }),
  };
}

function addReplay(program: Command): void {
  program
    .command("replay")
    .description("run a counterexample again, step by step")
    .argument("<file>", "a document that check or mutants has written")
    .option("--runs <n>", `most runs of real threads, which need not come out the same (${RUNS_THREADS})`)
    .option("--json", "one document on stdout")
    .action(async (file: string, flags: Pick<Flags, "json" | "runs">) => {
      const [{ replay }, { loadSystem }, { terminalOf }] = await Promise.all([
        import("./replay.js"),
        import("./systems.js"),
        import("./terminal.js"),
      ]);
      const runs = integerFlag("--runs", flags.runs, RUNS_THREADS, 1, RUNS_MAX);
      process.exitCode = await replay(file, { ...flags, runs }, await terminalOf(true), loadSystem);
    });
}
