/** The text of a report, in the authors' layout (4.4). */
import type { Report, Section } from "../../vocabulary/contiguity/report.js";
import { twoDecimals } from "./decimal.js";

const PAGES_PER_MIB = 256;

export function reportText(report: Report): string {
  const native = report.sections.filter((section) => section.name !== "across_VMAs");
  const further = report.sections.filter((section) => section.name === "across_VMAs");
  const { presentPages, smallPages, hugePages } = report.workingSet;
  return [
    ...native.map(sectionText),
    workingSetText(String(presentPages), String(smallPages), String(hugePages), String(mebibytes(presentPages))),
    ...further.map(sectionText),
  ].join("");
}

export function heading(name: string): string {
  return `\n----------\n${name}\n----------\n`;
}

export function emptySectionText(name: string): string {
  return [
    `${heading(name)}\n\ntotal_${name}_entries: 0\n`,
    `total_${name}_working_set: 0 (KB)\ntotal_${name}_working_percent: 0 (%)\navg_${name}_contiguity: 0\n\n`,
    `range_${name}_hist: 1 0 100\n`,
  ].join("");
}

/** The figures of a section as they are printed; the tool's own figures come with its own roundings. */
export interface PrintedSection {
  readonly name: string;
  readonly entries: string;
  readonly mebibytes: string;
  readonly top: readonly { readonly entries: number; readonly pages: string; readonly percent: string }[];
  readonly reach: readonly { readonly percent: number; readonly entries: string; readonly covered: string }[];
}

export function printedSection(section: PrintedSection): string {
  const { name } = section;
  return [
    `${heading(name)}total_${name}_entries: ${section.entries}\ntotal_${name}_coverage: ${section.mebibytes} (MB)\n\n`,
    ...section.top.map((line) => `${line.entries} entries coverage: ${line.percent}% (${line.pages} 4K pages)\n`),
    "\n",
    ...section.reach.map(
      (line) =>
        `Number of entries for at least ${line.percent}% coverage: ${line.entries} (exact coverage ${line.covered}%)\n`,
    ),
  ].join("");
}

export function workingSetText(present: string, small: string, huge: string, mebibytes: string): string {
  return [
    `${heading("working_set")}total_present_pages: ${present}\n4K pages: ${small}\n2M pages: ${huge}\n`,
    `total_present_working_set: ${mebibytes} (MB)\n`,
  ].join("");
}

function sectionText(section: Section): string {
  if (section.entries === 0) return emptySectionText(section.name);
  return printedSection({
    name: section.name,
    entries: String(section.entries),
    mebibytes: String(mebibytes(section.pages)),
    top: section.top.map((line) => ({
      entries: line.entries,
      pages: String(line.pages),
      percent: twoDecimals(line.percent),
    })),
    reach: section.reach.map((line) => ({
      percent: line.percent,
      entries: String(line.entries),
      covered: twoDecimals(line.coveredPercent),
    })),
  });
}

function mebibytes(pages: number): number {
  return Math.floor(pages / PAGES_PER_MIB);
}
