/**
 * A counterexample as a person reads it: a column for each actor, a row for each step, beneath it only what changed.
 */

import type { Counterexample, CounterexampleStep, Standing } from "../properties/engine/counterexample.js";
import type { Change } from "../properties/engine/differences.js";
import { colours } from "./colours.js";

const WIDTH = 100;
const NUMBER_WIDTH = 5;
/** Narrower columns than this break every word: then the actor's name leads the row instead. */
const COLUMN_MIN = 19;
const CHANGES_MAX = 6;
const VALUE_MAX = 36;

/** The whole story, every line at most 100 columns wide. */
export function chart(document: Counterexample): string {
  const { actors, steps } = document;
  const columnWidth = Math.floor((WIDTH - NUMBER_WIDTH) / Math.max(1, actors.length));
  const inColumns = columnWidth >= COLUMN_MIN;
  // Turns of threads say themselves what they write.
  const showsChanges = document.engine !== "interleave";
  const rows = steps.flatMap((step) => [
    ...(inColumns ? columnRow(step, actors.indexOf(step.actor), columnWidth) : listRow(step)),
    ...step.messages.map(({ from, to, says }) => dim(`${from} ⇒ ${to}: ${says}`)),
    ...(step.standing !== undefined
      ? standingLines(step.standing, actors, inColumns ? columnWidth : 0)
      : showsChanges
        ? changeLines(step.changes)
        : []),
  ]);
  const left = steps.at(-1)?.underWay ?? [];
  const underWay = left.length === 0 ? [] : ["", ...wrap(`under way: ${left.join("; ")}`, WIDTH)];
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
  return `${[...title(document), "", ...heading, ...rows, ...underWay, "", ...ending(document)].join("\n")}\n`;
}

function title({ system, mutant, scope, engine, minimality, steps, seed }: Counterexample): string[] {
  const what = mutant === null ? system : `${system} without ${mutant.id} (${mutant.rule})`;
  const length = {
    shortest: "a shortest story in this scope",
    "1-minimal": "no single step can be dropped",
    "as-found": "not shortened",
  };
  const origin = seed === null ? engine : `${engine}, seed ${seed}`;
  const setup =
    scope.setup.length === 0
      ? []
      : [...wrap(`before it: ${counted(scope.setup.length, "operation")} of set-up`, WIDTH)];
  const count = counted(steps.length, "step");
  return [
    ...wrap(what, WIDTH).map((line) => colours.bold(line)),
    ...wrap(`scope ${scope.name}, ${origin}: ${count}, ${length[minimality]}`, WIDTH),
    ...setup,
  ];
}

/** What was done and what was answered, in the column of who did it. */
function columnRow(step: CounterexampleStep, column: number, width: number): string[] {
  const indent = " ".repeat(column * width);
  return said(step, width - 2).map((line, at) => {
    const number = at === 0 ? String(step.number).padStart(NUMBER_WIDTH - 2) : "";
    return `${number.padEnd(NUMBER_WIDTH)}${indent}${line}`;
  });
}

function listRow(step: CounterexampleStep): string[] {
  const lead = `${String(step.number).padStart(NUMBER_WIDTH - 2)}  ${step.actor}: `;
  return said(step, WIDTH - lead.length).map((line, at) => (at === 0 ? lead : " ".repeat(lead.length)) + line);
}

function said({ says, answer, expected }: CounterexampleStep, width: number): string[] {
  if (answer === "" && expected === undefined) return wrap(says, width);
  const answers = expected === undefined ? `→ ${answer}` : `→ ${answer} (expected: ${expected})`;
  return [...wrap(says, width), ...wrap(answers, width)];
}

/** Where everybody stands, each in the own column; a line each where there are no columns (width 0). */
function standingLines(standing: readonly Standing[], actors: readonly string[], width: number): string[] {
  if (width === 0) return standing.map(({ actor, says }) => dim(`${actor}: ${says}`));
  const cells = actors.map((actor) => wrap(standing.find((one) => one.actor === actor)?.says ?? "", width - 2));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const row = cells.map((lines) => (lines[line] ?? "").padEnd(width)).join("");
    return colours.dim(`${" ".repeat(NUMBER_WIDTH)}${row}`.trimEnd());
  });
}

function changeLines(changes: readonly Change[]): string[] {
  const shown = changes
    .slice(0, CHANGES_MAX)
    .map(({ path, before, after }) => dim(`${path}: ${value(before)} → ${value(after)}`));
  return changes.length <= CHANGES_MAX ? shown : [...shown, dim(`… and ${changes.length - CHANGES_MAX} more changes`)];
}

function dim(text: string): string {
  const room = WIDTH - NUMBER_WIDTH - 2;
  return colours.dim(`${" ".repeat(NUMBER_WIDTH + 2)}${text.length > room ? `${text.slice(0, room - 1)}…` : text}`);
}

function value(said: unknown): string {
  if (said === undefined) return "nothing";
  const text = JSON.stringify(said);
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX - 1)}…` : text;
}

function ending({ violation }: Counterexample): string[] {
  const { invariant, name, why, witness, step } = violation;
  const where = step === 0 ? "in the initial state" : `after step ${step}`;
  return [
    ...wrap(`${invariant} ${name} is violated ${where}`, WIDTH).map((line) => colours.red(line)),
    ...witness.flatMap((line) => wrap(line, WIDTH - 2).map((part) => `  ${part}`)),
    ...wrap(`because ${why}`, WIDTH - 2).map((part) => `  ${part}`),
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
