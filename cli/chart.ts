/**
 * A counterexample as a person reads it: a column for each actor, a row for each step, beneath it only what changed.
 */

import type { Counterexample, CounterexampleStep, Standing } from "../properties/engine/counterexample.js";
import type { Change } from "../properties/engine/differences.js";
import { colours } from "./colours.js";

/** Of a file or a pipe, and the most of a terminal; a narrower terminal has less, down to the least. */
const WIDTH = 100;
const WIDTH_MIN = 60;
const NUMBER_WIDTH = 5;
/** Narrower columns than this break every word: then the actor's name leads the row instead. */
const COLUMN_MIN = 19;
const CHANGES_MAX = 6;
const VALUE_MAX = 36;

export interface ChartOptions {
  /** What the set-up does, an operation a line; counted only, unless given. */
  readonly setup?: readonly string[];
  /** Columns of the terminal: 60 to 100 are used. */
  readonly columns?: number;
}

/** The whole story, every line at most 100 columns wide. */
export function chart(document: Counterexample, { setup = [], columns = WIDTH }: ChartOptions = {}): string {
  const { actors, steps } = document;
  const width = Math.max(WIDTH_MIN, Math.min(WIDTH, columns));
  const columnWidth = Math.floor((width - NUMBER_WIDTH) / Math.max(1, actors.length));
  const inColumns = columnWidth >= COLUMN_MIN;
  // Turns of threads say themselves what they write.
  const isOfThreads = document.engine === "interleave";
  const told = isOfThreads ? steps.map((step, at) => ({ ...step, says: turnText(step, steps[at - 1]) })) : steps;
  const rows = told.flatMap((step) => [
    ...(inColumns ? columnRow(step, actors.indexOf(step.actor), columnWidth) : listRow(step, width)),
    ...step.messages.map(({ from, to, says }) => dim(`${from} ⇒ ${to}: ${says}`, width)),
    ...(step.standing !== undefined
      ? standingLines(step.standing, actors, inColumns ? columnWidth : 0, width)
      : isOfThreads
        ? []
        : changeLines(step.changes, width)),
  ]);
  const left = steps.at(-1)?.underWay ?? [];
  const underWay = left.length === 0 ? [] : ["", ...wrap(`under way: ${left.join("; ")}`, width)];
  const heading = inColumns
    ? [
        colours.bold(
          " ".repeat(NUMBER_WIDTH) +
            actors
              .map((actor) => actor.padEnd(columnWidth))
              .join("")
              .trimEnd(),
        ),
      ]
    : [];
  const lines = [
    ...title(document, setup, width),
    "",
    ...heading,
    ...rows,
    ...underWay,
    "",
    ...ending(document, width),
  ];
  return `${lines.join("\n")}\n`;
}

/** The name of a thread's operation leads its first turn, and the first after another thread's. */
export function turnText(step: CounterexampleStep, before: CounterexampleStep | undefined): string {
  const accesses = step.says.lastIndexOf(": ") + 2;
  const goesOn = before !== undefined && before.actor === step.actor && before.answer === "";
  const name = step.says.slice(0, accesses);
  return goesOn && before.says.startsWith(name) ? step.says.slice(accesses) : step.says;
}

function title(document: Counterexample, setup: readonly string[], width: number): string[] {
  const { system, mutant, scope, engine, minimality, steps, seed } = document;
  const what = mutant === null ? system : `${system} without the rule "${mutant.rule}" (mutant ${mutant.id})`;
  const length = {
    shortest: "a shortest story in this scope",
    "1-minimal": "no single step can be dropped",
    "as-found": "not shortened",
  };
  const origin = seed === null ? engine : `${engine}, seed ${seed}`;
  const operations = counted(scope.setup.length, "operation");
  const before =
    scope.setup.length === 0
      ? []
      : [
          `before it, ${operations} of set-up${setup.length === 0 ? "" : ":"}`,
          ...setup.flatMap((line) => hung(line, width)),
        ];
  const count = counted(steps.length, "step");
  return [
    ...wrap(what, width).map((line) => colours.bold(line)),
    ...wrap(`scope ${scope.name}, ${origin}: ${count}, ${length[minimality]}`, width),
    ...before,
  ];
}

/** Indented, and more so where it goes on. */
function hung(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, at) => (at === 0 ? "  " : "    ") + line);
}

/** What was done and what was answered, in the column of who did it. */
function columnRow(step: CounterexampleStep, column: number, width: number): string[] {
  const indent = " ".repeat(column * width);
  return said(step, width - 2).map((line, at) => {
    const number = at === 0 ? String(step.number).padStart(NUMBER_WIDTH - 2) : "";
    return `${number.padEnd(NUMBER_WIDTH)}${indent}${line}`;
  });
}

function listRow(step: CounterexampleStep, width: number): string[] {
  const lead = `${String(step.number).padStart(NUMBER_WIDTH - 2)}  ${step.actor}: `;
  return said(step, width - lead.length).map((line, at) => (at === 0 ? lead : " ".repeat(lead.length)) + line);
}

function said({ says, answer, expected }: CounterexampleStep, width: number): string[] {
  if (answer === "" && expected === undefined) return wrap(says, width);
  const answers =
    expected === undefined ? `→ ${answer}` : `→ ${answer || "nothing"} (expected: ${expected || "nothing"})`;
  return [...wrap(says, width), ...wrap(answers, width)];
}

/** Where everybody stands, each in the own column; a line each where there are no columns (columnWidth 0). */
function standingLines(
  standing: readonly Standing[],
  actors: readonly string[],
  columnWidth: number,
  width: number,
): string[] {
  if (columnWidth === 0) return standing.map(({ actor, says }) => dim(`${actor}: ${says}`, width));
  const cells = actors.map((actor) => wrap(standing.find((one) => one.actor === actor)?.says ?? "", columnWidth - 2));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const row = cells.map((lines) => (lines[line] ?? "").padEnd(columnWidth)).join("");
    return colours.dim(`${" ".repeat(NUMBER_WIDTH)}${row}`.trimEnd());
  });
}

function changeLines(changes: readonly Change[], width: number): string[] {
  const shown = changes
    .slice(0, CHANGES_MAX)
    .map(({ path, before, after }) => dim(`${path}: ${value(before)} → ${value(after)}`, width));
  const others = changes.length - CHANGES_MAX;
  return others <= 0 ? shown : [...shown, dim(`… and ${counted(others, "more change")}`, width)];
}

function dim(text: string, width: number): string {
  const room = width - NUMBER_WIDTH - 2;
  return colours.dim(`${" ".repeat(NUMBER_WIDTH + 2)}${text.length > room ? `${text.slice(0, room - 1)}…` : text}`);
}

function value(said: unknown): string {
  if (said === undefined) return "nothing";
  const text = JSON.stringify(said);
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX - 1)}…` : text;
}

function ending({ violation }: Counterexample, width: number): string[] {
  const { invariant, name, why, witness, step } = violation;
  const where = step === 0 ? "in the initial state" : `after step ${step}`;
  return [
    ...wrap(`${invariant} ${name} is violated ${where}`, width).map((line) => colours.red(line)),
    ...witness.flatMap((line) => wrap(line, width - 2).map((part) => `  ${part}`)),
    ...wrap(`because ${why}`, width - 2).map((part) => `  ${part}`),
  ];
}

/** `1 step`, `2 steps`. */
export function counted(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Breaks at spaces, and within words that are longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.replace(/\s+/g, " ").trim().split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  return [...lines, line];
}
