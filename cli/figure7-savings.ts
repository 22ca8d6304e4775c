/** `pagetwin figure7 --savings`: the messages that the options of the paper's 5.2 save, as a table. */
import { MESSAGE_KINDS, messagesSaved, SAVING_KERNELS, type Saving } from "../properties/coherency/messages-saved.js";
import type { Channels } from "../vocabulary/coherency/configuration.js";
import { PagetwinError } from "../vocabulary/errors.js";
import type { FigureFlags } from "./figure7.js";
import { EXIT } from "./report.js";
import { plainTable } from "./text-table.js";

export interface SavingsOptions {
  readonly channels: Channels;
  readonly seed: number;
  readonly runs: number;
}

const PERCENT = 100;
const RUNS = 10;

/**
 * @returns the exit code
 * @throws PagetwinError `ARGUMENT` for a flag that belongs to the figure
 */
export function savings(flags: FigureFlags, options: SavingsOptions, out: (text: string) => void): number {
  for (const flag of ["out", "threads", "profile"] as const)
    if (flags[flag] !== undefined)
      throw new PagetwinError(
        "ARGUMENT",
        `--${flag}: expected none with --savings, which is no figure and always lean`,
      );
  const { channels, seed } = options;
  const runs = flags.runs === undefined ? RUNS : options.runs;
  const found = messagesSaved({ channels, seed }, runs);
  out(
    flags.json
      ? `${JSON.stringify(document({ ...options, runs }, found), null, 2)}\n`
      : report({ ...options, runs }, found),
  );
  return EXIT.held;
}

function document({ channels, seed, runs }: SavingsOptions, found: readonly Saving[]) {
  const rows = found.map(({ name, counts, total }) => {
    const byKind = Object.fromEntries(MESSAGE_KINDS.map(({ name: kind }, index) => [kind, rounded(counts[index]!)]));
    return { option: name, ...byKind, total: rounded(total), savedPercent: saved(found, total) };
  });
  return { version: 1, kernels: SAVING_KERNELS, profile: "lean", channels, seed, runs, rows };
}

function report({ channels, seed, runs }: SavingsOptions, found: readonly Saving[]): string {
  const rows = found.map(({ name, counts, total }) => [
    name,
    ...[...counts, total].map((count) => rounded(count).toLocaleString("en")),
    `${saved(found, total)} %`,
  ]);
  const heading = ["option of 5.2", ...MESSAGE_KINDS.map(({ name }) => name), "all", "saved"];
  const of = `mean of ${runs} run${runs === 1 ? "" : "s"}, logical clock, seed ${seed}`;
  return [`four kernels, rules lean, channels ${channels}, ${of}`, "", plainTable(heading, rows)].join("\n");
}

/** Of the messages without any option, in whole percent. */
function saved([without]: readonly Saving[], total: number): number {
  return Math.round(PERCENT * (1 - total / without!.total));
}

function rounded(count: number): number {
  return Math.round(10 * count) / 10;
}
