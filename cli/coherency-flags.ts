/** The flags of `pagetwin check coherency` that name one instance of the protocol, and what its help says of them. */
import { type Command, Option } from "commander";
import { RULE_SWITCHES } from "../properties/coherency/rule-switches.js";

/** As typed. Any of them names one instance. */
export interface CoherencyFlags {
  readonly kernels?: string;
  readonly channels?: string;
  readonly exit?: string;
  readonly profile?: string;
  readonly rule?: readonly string[];
  readonly without?: readonly string[];
  readonly stamps?: string;
  readonly ties?: string;
  readonly readBudget?: string;
  readonly writeBudget?: string;
  readonly start?: string;
  readonly ownerHint?: boolean;
  readonly multicast?: boolean;
  readonly readOnly?: boolean;
  readonly abstraction?: string;
  readonly symmetry?: string;
  readonly pageTables?: boolean;
  readonly fairness?: boolean;
}

const GROUP = "Of coherency, one instance of the protocol (any of these names it):";

const FLAGS: readonly (readonly [flags: string, says: string])[] = [
  ["--kernels <n>", "kernels that share a page, 2 to 5 (2)"],
  ["--channels <kind>", "fifo or unordered (fifo)"],
  ["--exit <kind>", "how wait states are left: atomic or delayed (atomic)"],
  ["--profile <name>", "rules: literal, normative, normative-r7 or lean (normative)"],
  ["--rule <name=reading>", "one rule read otherwise; may be given again"],
  ["--without <name>", "one rule left out; may be given again"],
  ["--stamps <kind>", "free, monotone, perfect or bounded N, N from 1 to 7 (free)"],
  ["--ties <kind>", "equal time stamps: absorbed or explicit (absorbed)"],
  ["--read-budget <n>", "reads that each kernel may issue, 0 to 15 (any number)"],
  ["--write-budget <n>", "writes that each kernel may issue, 0 to 15 (any number)"],
  ["--start <state>", "all kernels unmapped, or shared: all have what was written once (unmapped)"],
  ["--owner-hint", "a fetch from Invalid first asks the remembered owner alone"],
  ["--multicast", "requests go to the known users of the page only; a first touch asks everybody"],
  ["--read-only", "the page is in a read-only region: no messages, and writes are refused"],
  ["--abstraction <name>", "reference: refuse flags that make counts incomparable with others' (none)"],
  ["--symmetry <switch>", "on: states modulo renaming of kernels (off)"],
  ["--page-tables", "drive each kernel's page table as well: T1 to T5 (with two kernels always)"],
  ["--fairness", "P10: who can starve although all that stays possible is done, with a run that shows it"],
];
const REPEATED = ["--rule", "--without"];

export function addCoherencyFlags(command: Command): void {
  for (const [flags, says] of FLAGS) {
    const option = new Option(flags, says).helpGroup(GROUP);
    if (REPEATED.includes(flags.split(" ")[0]!)) option.argParser(collect);
    command.addOption(option);
  }
  command.addHelpText("after", ({ command: { args } }) =>
    args.includes("coherency")
      ? rulesHelp()
      : "\n`pagetwin check coherency --help` lists the rules of --rule and --without as well.",
  );
}

/** All rules with their readings. */
function rulesHelp(): string {
  const rows = RULE_SWITCHES.map(({ name, says, readings, without, ids }) => {
    const named = Object.keys(readings).map((reading) => (reading === without ? `(${reading})` : reading));
    return [name, named.join(", "), Object.keys(ids).join(", "), says];
  });
  return [
    "",
    "Rules of coherency, for --rule NAME=READING and --without NAME; the reading in parentheses is the one of --without.",
    "NAME alone is the settled reading, NAME=literal the printed one. An id of the specification is a name too;",
    "--without ID leaves out just what that row or addition settles.",
    "",
    ...aligned([["name", "readings", "ids", "the rule"], ...rows]),
  ].join("\n");
}

/** Columns as wide as their widest cell. Help is printed without the library for tables, which takes long to load. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")}`.trimEnd());
}

/**
 * `--stamps bounded 3` as typed becomes one argument.
 * @param argv as in process.argv
 */
export function joinedBound(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf("--stamps");
  if (at < 0 || argv[at + 1] !== "bounded" || !/^[0-9]+$/.test(argv[at + 2] ?? "")) return argv;
  return [...argv.slice(0, at + 1), `bounded ${argv[at + 2]}`, ...argv.slice(at + 3)];
}

export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
