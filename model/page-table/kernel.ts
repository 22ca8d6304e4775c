/** What the kernel does with the tables, each operation at once: the reference knows no moment in between. */
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { KernelOperation } from "../../vocabulary/page-table/operations.js";
import type { LeafReport } from "../../vocabulary/page-table/outcomes.js";
import { span } from "./address.js";
import { type Leaf, rightsOf, withRights } from "./entry.js";
import type { Answer } from "./hardware.js";
import type { State, Table } from "./state.js";
import {
  end,
  frameForTable,
  path,
  pointerTo,
  withEntry,
  withoutEmptyTables,
  withoutTable,
  withTable,
} from "./tables.js";
import { forgetAllEverywhere, forgetPageEverywhere } from "./translation.js";

type Operation<Kind extends KernelOperation["kind"]> = Extract<KernelOperation, { readonly kind: Kind }>;

export function map(state: State, operation: Operation<"map">): Answer {
  const { cpu, page, level, frame, rights, attributes } = operation;
  const last = path(state, page).find((step) => step.level === level || step.entry?.kind !== "pointer")!;
  if (last.entry !== undefined) return { state, outcome: { kind: "occupied", level: last.level } };
  if (last.level > level) {
    const table = frameForTable(state, cpu);
    if (table === undefined) return { state, outcome: { kind: "noMemory" } };
    const deeper = map(withEntry(withTable(state, table, {}), last.table, last.index, pointerTo(table)), operation);
    if (deeper.outcome.kind !== "noMemory") return deeper;
    // Out of frames further down: the table goes again (W34), and no CPU may remember that it was there.
    return { state: forgetPageEverywhere(state, page), outcome: deeper.outcome };
  }
  const blank: Leaf = {
    kind: "leaf",
    frame,
    ...attributes,
    present: true,
    writable: false,
    noExecute: false,
    accessed: false,
    dirty: false,
  };
  return { state: withEntry(state, last.table, last.index, withRights(blank, rights)), outcome: { kind: "done" } };
}

export function unmap(state: State, page: number): Answer {
  const { level, table, index, entry } = end(state, page);
  if (entry?.kind !== "leaf") return { state, outcome: { kind: "absent", level } };
  const without = withoutEmptyTables(withEntry(state, table, index, undefined), page);
  return { state: forgetPageEverywhere(without, page), outcome: { kind: "leaf", leaf: report(level, entry) } };
}

export function protect(state: State, page: number, rights: Rights): Answer {
  const { level, table, index, entry } = end(state, page);
  if (entry?.kind !== "leaf") return { state, outcome: { kind: "absent", level } };
  const changed = withEntry(state, table, index, withRights(entry, rights));
  const before = rightsOf(entry);
  const loses = [...before].some((letter) => letter !== "-" && !rights.includes(letter));
  // Only a right that is taken away must be forgotten at once (W31).
  return { state: loses ? forgetPageEverywhere(changed, page) : changed, outcome: { kind: "done" } };
}

export function split(state: State, cpu: number, page: number): Answer {
  const { level, table, index, entry } = end(state, page);
  if (entry?.kind !== "leaf") return { state, outcome: { kind: "absent", level } };
  if (level === 1) return { state, outcome: { kind: "notLarge" } };
  const frame = frameForTable(state, cpu);
  if (frame === undefined) return { state, outcome: { kind: "noMemory" } };
  const step = span(state.geometry, level - 1);
  // Every part is the whole but for its frame: rights, attributes, A and D (W29).
  const parts: Table = Object.fromEntries(
    everyIndex(state).map((part) => [part, { ...entry, frame: entry.frame + part * step }]),
  );
  const divided = withEntry(withTable(state, frame, parts), table, index, pointerTo(frame));
  return { state: forgetPageEverywhere(divided, page), outcome: { kind: "done" } };
}

export function collapse(state: State, page: number, level: number): Answer {
  const refused: Answer = { state, outcome: { kind: "notCollapsible" } };
  const step = path(state, page).find((each) => each.level === level);
  if (step?.entry?.kind !== "pointer") return refused;
  const child = step.entry.table;
  const parts = everyIndex(state).map((index) => state.tables[child]![index]);
  if (!parts.every((part) => part?.kind === "leaf")) return refused;
  const first = parts[0]!;
  const fits = parts.every((part, i) =>
    sameButMarks(part, { ...first, frame: first.frame + i * span(state.geometry, level - 1) }),
  );
  if (!fits || first.frame % span(state.geometry, level) !== 0) return refused;
  const whole: Leaf = {
    ...first,
    accessed: parts.some((part) => part.accessed),
    dirty: parts.some((part) => part.dirty),
  };
  const joined = withoutTable(withEntry(state, step.table, step.index, whole), child);
  return { state: forgetAllEverywhere(joined), outcome: { kind: "done" } };
}

export function report(level: number, leaf: Leaf): LeafReport {
  const { frame, user, global, writeThrough, cacheDisable, pat, available, key, accessed, dirty } = leaf;
  return {
    level: level as LeafReport["level"],
    frame,
    rights: rightsOf(leaf),
    attributes: { user, global, writeThrough, cacheDisable, pat, available, key },
    accessed,
    dirty,
  };
}

function everyIndex(state: State): readonly number[] {
  return Array.from({ length: 2 ** state.geometry.indexBits }, (_, index) => index);
}

function sameButMarks(a: Leaf, b: Leaf): boolean {
  const names = Object.keys(a) as (keyof Leaf)[];
  return names.every((name) => name === "accessed" || name === "dirty" || a[name] === b[name]);
}
