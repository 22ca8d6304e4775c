/** What holds of every step of the stand-alone page-table system. */
import { isInstalled } from "../../impl/page-table/entry.js";
import type { PageTable } from "../../impl/page-table/page-table.js";
import type { Operation } from "../../vocabulary/page-table/operations.js";
import type { Outcome } from "../../vocabulary/page-table/outcomes.js";
import type { StepInvariant } from "../engine/system.js";
import { markNames } from "./invariants.js";

type Claim = StepInvariant<Operation, Outcome, PageTable>;

/** A and D of the leaf that covers the page; undefined if there is none. */
function marksAt(system: PageTable, page: number): string | undefined {
  const low = system.entries.low(system.entries.find(system.root, page));
  return isInstalled(low) ? markNames(low) : undefined;
}

/** The indexed part of a canonical virtual page number. */
function indexedPage(system: PageTable, virtualPage: number): number {
  return virtualPage % system.layout.pages;
}

const writesLeaveD: Claim = {
  id: "I12",
  name: "writesLeaveD",
  why: "whoever cleans the page trusts D: a write without it is lost",
  *violations(_, operation, answer, after) {
    if (operation.kind !== "access" || answer.kind !== "translated") return;
    const page = indexedPage(after, operation.virtualPage);
    const marks = marksAt(after, page);
    if (operation.access === "write" && marks !== "AD")
      yield `page ${page} was written and its leaf has only "${marks}"`;
  },
};

const faultsSpareTheLeaf: Claim = {
  id: "W40",
  name: "faultsSpareTheLeaf",
  why: "a page that nobody could use has not been accessed",
  *violations(before, operation, answer, after) {
    if (operation.kind !== "access" || answer.kind !== "fault" || answer.reason === "non-canonical") return;
    const page = indexedPage(after, operation.virtualPage);
    const marks = [marksAt(before, page), marksAt(after, page)];
    if (marks[0] !== marks[1]) yield `page ${page} faulted and its leaf went from "${marks[0]}" to "${marks[1]}"`;
  },
};

const faultsForgetThePage: Claim = {
  id: "W31",
  name: "faultsForgetThePage",
  why: "adding rights sends no flush, so the fault of a stale restriction must remove it",
  *violations(_, operation, answer, after) {
    if (operation.kind !== "access" || answer.kind !== "fault" || answer.reason === "non-canonical") return;
    const { layout, hardware } = after;
    const page = indexedPage(after, operation.virtualPage);
    const high = layout.highOf(page);
    const slot = hardware.tlb.find(operation.cpu, high, layout.lowOf(page, high));
    if (slot >= 0) yield `cpu ${operation.cpu} faulted on page ${page} and still remembers it`;
  },
};

const marksSurviveReshaping: Claim = {
  id: "W29",
  name: "marksSurviveReshaping",
  why: "split and collapse change how a range is mapped, not what has happened to it",
  *violations(before, operation, answer, after) {
    if ((operation.kind !== "split" && operation.kind !== "collapse") || answer.kind !== "done") return;
    const level = operation.kind === "collapse" ? operation.level : leafLevel(before, operation.page);
    const span = before.layout.span(level);
    const first = Math.floor(operation.page / span) * span;
    const gathered = (system: PageTable): string => {
      let marks = "";
      for (let page = first; page < first + span; page += system.layout.span(system.entries.level))
        marks += marksAt(system, page) ?? "";
      return `${marks.includes("A") ? "A" : ""}${marks.includes("D") ? "D" : ""}`;
    };
    const marks = [gathered(before), gathered(after)];
    if (marks[0] !== marks[1]) yield `pages ${first} to ${first + span - 1} went from "${marks[0]}" to "${marks[1]}"`;
  },
};

function leafLevel(system: PageTable, page: number): number {
  system.entries.find(system.root, page);
  return system.entries.level;
}

export const stepInvariants: readonly Claim[] = [
  writesLeaveD,
  faultsSpareTheLeaf,
  faultsForgetThePage,
  marksSurviveReshaping,
];
