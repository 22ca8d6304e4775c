/** A report as its claims read it. */
import type { Histograms, Report, Section, SectionName } from "../../vocabulary/contiguity/report.js";
import { type Machine, withinLimit } from "./spaces.js";

/**
 * A way to a report: the implementation, one of its mutants, or the authors' tool.
 * @param distance the exponent of the anchor distance, where it is not to be chosen from the ranges
 */
export type Reporter = (
  machine: Machine,
  distance?: number,
) => { readonly histograms: Histograms; readonly report: Report };

export interface ReportClaim {
  /** Rule id of the specification, such as `S2`. */
  readonly id: string;
  readonly name: string;
  readonly claim: string;
  violations(machine: Machine, reporter: Reporter): Iterable<string>;
}

export function named(report: Report, name: SectionName): Section {
  return report.sections.find((section) => section.name === name)!;
}

export function presentPages(machine: Machine): number {
  return withinLimit(machine).processes.reduce(
    (sum, { areas, pages }) =>
      sum + pages.filter(({ page }) => areas.some(({ first, end }) => page >= first && page < end)).length,
    0,
  );
}
