/** `pagetwin contiguity` and its subcommands on the command line. What they do is loaded when one of them is run. */
import type { Command } from "commander";
import { PagetwinError } from "../vocabulary/errors.js";
import type { ContiguityOptions } from "./contiguity.js";
import { integerFlag } from "./cost-input.js";

/** Process ids are signed 32-bit numbers; the kernel gives out fewer. */
const PID_MAX = 2 ** 31 - 1;
/** Of `effect`: a seed takes about half a CPU second. */
const SEEDS = 20;
const SEEDS_MAX = 1000;

/** The report's flags as they are typed. */
type ReportFlags = Omit<ContiguityOptions, "pid"> & { readonly pid?: string };

interface RecordFlags {
  readonly pid: string;
  readonly out: string;
  readonly stop?: boolean;
}

interface EffectFlags {
  readonly seeds?: string;
  readonly nodes?: string;
  readonly json?: boolean;
  readonly svg?: string;
}

export function addContiguity(program: Command): void {
  program.enablePositionalOptions();
  const contiguity = program
    .command("contiguity")
    .description("how contiguous the memory of a process is")
    .enablePositionalOptions() // here and above: --pid behind a subcommand belongs to the subcommand
    .option("--pid <n>", "a live process, 0 for all of them; with --snapshot one of its processes")
    .option("--all", "all processes, summed")
    .option("--snapshot <folder>", "a recorded process")
    .option("--guest <folder>", "recorded maps and pagemap texts of a guest process")
    .option("--compat", "print what the authors' tool prints, its quirks included")
    .option("--json", "one document on stdout")
    .option("--svg <file>", "a picture of the coverage curves")
    .action(async (flags: ReportFlags) => {
      const options = reportOptions(flags);
      const command = await import("./contiguity.js");
      process.exitCode = await command.contiguity(options, toStdout, toStderr);
    });
  addRecord(contiguity);
  addReplay(contiguity);
  addEffect(contiguity);
}

function addRecord(contiguity: Command): void {
  contiguity
    .command("record")
    .description("write a live process's areas, pages and flags to a folder")
    .requiredOption("--pid <n>", "the process")
    .requiredOption("--out <folder>", "where to write")
    .option("--stop", "stop the process while it is read")
    .action(async ({ pid, out, stop }: RecordFlags) => {
      const options = { pid: integerFlag("--pid", pid, 0, 1, PID_MAX), out, ...(stop === undefined ? {} : { stop }) };
      const { contiguityRecord } = await import("./contiguity-record.js");
      process.exitCode = await contiguityRecord(options, toStdout, toStderr);
    });
}

function addReplay(contiguity: Command): void {
  contiguity
    .command("replay")
    .description("run an allocator script, one JSON object a step")
    .argument("<ops>", "the script")
    .option("--profile <name>", "default, or authors: each rule in the authors' version")
    .action(async (file: string, flags: { readonly profile?: string }) => {
      const { contiguityReplay } = await import("./contiguity-replay.js");
      process.exitCode = await contiguityReplay({ file, ...flags }, toStdout, toStderr);
    });
}

function addEffect(contiguity: Command): void {
  contiguity
    .command("effect")
    .description("what contiguity-aware paging gains on fragmented memories, against first touch")
    .option("--seeds <n>", "how many memories; 20 unless given")
    .option("--nodes <n>", "1 or 2: memory of one node, or of two with a process on each; 1 unless given")
    .option("--json", "one document on stdout")
    .option("--svg <file>", "a picture, a dot for each seed")
    .action(async ({ seeds, nodes, ...flags }: EffectFlags) => {
      const options = {
        seeds: integerFlag("--seeds", seeds, SEEDS, 1, SEEDS_MAX),
        nodes: integerFlag("--nodes", nodes, 1, 1, 2) as 1 | 2,
        ...flags,
      };
      const { contiguityEffect } = await import("./contiguity-effect.js");
      process.exitCode = await contiguityEffect(options, toStdout, toStderr);
    });
}

/** @throws PagetwinError `ARGUMENT` naming the flag that is wrong, or what does not go together */
function reportOptions({ pid, ...rest }: ReportFlags): ContiguityOptions {
  if (pid === undefined) return rest;
  if (rest.all) throw new PagetwinError("ARGUMENT", "--pid with --all: expected one of them");
  if (rest.guest !== undefined)
    throw new PagetwinError("ARGUMENT", "--pid with --guest: a guest folder is one process");
  return { ...rest, pid: integerFlag("--pid", pid, 0, 0, PID_MAX) };
}

const toStdout = (text: string): void => void process.stdout.write(text);
const toStderr = (text: string): void => void process.stderr.write(text);
