/** `pagetwin figure7`: the Popcorn paper's experiment again, its table, its figure, and what the paper says about it. */
import { dirname } from "node:path";
import { CASES, ITERATIONS, SIZES } from "../properties/coherency/figure7.js";
import {
  type Cell,
  experiments,
  type FigureOptions,
  figureCells,
  requestsOf,
  TIMING,
} from "../properties/coherency/figure7-run.js";
import { STATEMENTS } from "../properties/coherency/figure7-statements.js";
import { CHANNELS, oneOf, PROFILE_NAMES } from "../properties/coherency/shape.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { integerFlag } from "./cost-input.js";
import { figurePicture } from "./figure7-picture.js";
import { savings } from "./figure7-savings.js";
import { threadedCells } from "./figure7-threads.js";
import { requireWritableFolder, writeWhole } from "./files.js";
import { EXIT } from "./report.js";
import { plainTable } from "./text-table.js";

/** Flags as typed. */
export interface FigureFlags {
  /** File of the picture. */
  readonly out?: string;
  /** On real threads: counts vary. */
  readonly threads?: boolean;
  /** What the options of 5.2 save, instead of the figure. */
  readonly savings?: boolean;
  readonly seed?: string;
  readonly runs?: string;
  readonly channels?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

const RUNS = 40;
const RUNS_THREADS = 1;
const RUNS_MAX = 1000;
const SEED = 1;
const SEED_MAX = 2 ** 31 - 1 - RUNS_MAX;

interface Judged {
  readonly id: string;
  readonly says: string;
  readonly holds: boolean;
  readonly contradictions: readonly string[];
}

/**
 * @returns the exit code: 1 if a statement of the paper is contradicted under the logical clock, or a run does not end
 * @throws PagetwinError `ARGUMENT` for a flag that cannot be used
 */
export async function figure7(flags: FigureFlags, out: (text: string) => void): Promise<number> {
  const isThreaded = flags.threads ?? false;
  const options: FigureOptions = {
    profile: oneOf("--profile", flags.profile ?? "normative", PROFILE_NAMES),
    channels: oneOf("--channels", flags.channels ?? "unordered", CHANNELS),
    seed: integerFlag("--seed", flags.seed, SEED, 0, SEED_MAX),
    runs: integerFlag("--runs", flags.runs, isThreaded ? RUNS_THREADS : RUNS, 1, RUNS_MAX),
  };
  if (flags.savings === true) return savings(flags, options, out);
  if (flags.out !== undefined) requireWritableFolder("--out", dirname(flags.out));
  let cells: readonly Cell[];
  try {
    cells = isThreaded ? await threadedCells(options, experiments()) : figureCells(options);
  } catch (error) {
    if (!(error instanceof PagetwinError)) throw error;
    out(told(options, isThreaded, error.message, flags.json));
    return EXIT.violated;
  }
  const statements = STATEMENTS.map(({ id, says, contradictions }): Judged => {
    const found = contradictions(cells);
    return { id, says, holds: found.length === 0, contradictions: found };
  });
  if (flags.out !== undefined) writeWhole(flags.out, figurePicture(cells, origin(options, isThreaded)));
  out(
    flags.json
      ? `${JSON.stringify(document(options, isThreaded, cells, statements), null, 2)}\n`
      : report(options, isThreaded, cells, statements, flags.out),
  );
  return isThreaded || statements.every(({ holds }) => holds) ? EXIT.held : EXIT.violated;
}

/** A run that a protocol breaks has no counts: under `literal` two kernels can wait for each other. */
function told(options: FigureOptions, isThreaded: boolean, broken: string, isJson: boolean | undefined): string {
  if (isJson === true) return `${JSON.stringify({ ...document(options, isThreaded, [], []), broken }, null, 2)}\n`;
  return [origin(options, isThreaded), "", "a run does not come to its end", `  ${broken}`, ""].join("\n");
}

function origin({ channels, profile, seed, runs }: FigureOptions, isThreaded: boolean): string {
  const how = isThreaded ? "real threads: counts vary" : `logical clock, seed ${seed}`;
  return `two kernels, rules ${profile}, channels ${channels}, mean of ${runs} run${runs === 1 ? "" : "s"}, ${how}`;
}

function document(options: FigureOptions, isThreaded: boolean, cells: readonly Cell[], statements: readonly Judged[]) {
  const engine = isThreaded ? "threads" : "clock";
  return { version: 1, engine, ...options, ...(isThreaded ? {} : { timing: TIMING }), cells, statements };
}

function report(
  options: FigureOptions,
  isThreaded: boolean,
  cells: readonly Cell[],
  statements: readonly Judged[],
  picture: string | undefined,
): string {
  const tables = CASES.flatMap((name) => [name, caseTable(cells, name)]);
  const judged = statements.map(({ id, says, holds }) => [id, holds ? "holds" : "contradicted", says]);
  const why = statements.flatMap(({ id, contradictions }) => contradictions.map((found) => `  ${id}: ${found}`));
  return [
    origin(options, isThreaded),
    "requests = Fetch and Fetch_Write; silent = iterations of both threads in which nothing was requested",
    "",
    ...tables,
    "what the paper says",
    plainTable(["figure", "verdict", "statement"], judged).trimEnd(),
    ...why,
    ...(picture === undefined ? [] : [`picture: ${picture}`]),
    "",
  ].join("\n");
}

function caseTable(cells: readonly Cell[], name: Cell["case"]): string {
  const rows = ITERATIONS.map((iterations) => [
    String(iterations),
    ...SIZES.flatMap(({ name: size }) => {
      const cell = cells.find((one) => one.case === name && one.size === size && one.iterations === iterations) as Cell;
      return [figure(requestsOf(cell)), figure(cell.invalid), figure(cell.silent)];
    }),
  ]);
  const heading = SIZES.flatMap(({ name: size }) => [`${size}: requests`, "Invalid", "silent"]);
  return plainTable(["iterations", ...heading], rows);
}

function figure(count: number): string {
  return count.toLocaleString("en", { maximumFractionDigits: 1 });
}
