/**
 * The twins of the report: on the same address space reference and implementation say the same, right or as the authors'
 * tool does. The tool is one more wrong program, whose quirks the claims find too.
 */

import { reportOf } from "../../impl/contiguity/coverage.js";
import { histogramOf } from "../../impl/contiguity/range-count.js";
import { ENDLESS, ToolWalk } from "../../impl/contiguity/tool-walk.js";
import * as model from "../../model/contiguity/report.js";
import { toolHistograms } from "../../model/contiguity/tool.js";
import type { Histograms } from "../../vocabulary/contiguity/report.js";
import { differences } from "../engine/differences.js";
import type { Plain } from "../engine/system.js";
import type { ReportClaim, Reporter } from "./report-reading.js";
import { type Machine, spaceOf, withinLimit } from "./spaces.js";

/** A claim that compares with the reference. */
export const agreesWithReference: ReportClaim = {
  id: "reference",
  name: "agreesWithReference",
  claim: "reference and implementation print the same report",
  *violations(machine, reporter) {
    const { processes, frames } = withinLimit(machine);
    const histograms = model.histogramsOf(processes, frames);
    const expected = { histograms, report: model.reportOf(histograms) };
    for (const change of differences(plain(expected), plain(reporter(machine)))) yield JSON.stringify(change);
  },
};

/** What the tool finds, or undefined where it does not end. */
export function toolRun(machine: Machine): { histograms: Histograms; complaints: [number, number][] } | undefined {
  const complaints: [number, number][] = [];
  const tool = new ToolWalk((page, frame) => complaints.push([page, frame]));
  for (const process of machine.processes) if (tool.walk(spaceOf(machine, process)) === ENDLESS) return undefined;
  const { presentPages, smallPages, hugePages } = tool;
  return {
    complaints,
    histograms: {
      sections: [
        { name: "VMA_TLB", histogram: histogramOf(tool.areas) },
        { name: "Virtual_TLB", histogram: histogramOf(tool.virtual) },
        { name: "Anchor_TLB", histogram: histogramOf(tool.anchors.entries) },
        { name: "Range_TLB", histogram: histogramOf(tool.ranges) },
        { name: "SpOT", histogram: histogramOf(tool.offsets.countsOfCounts()) },
      ],
      workingSet: { presentPages, smallPages, hugePages },
    },
  };
}

/** Lines for what the two tools disagree on. */
export function toolDisagreements(machine: Machine): string[] {
  const { processes, frames, pagemapLimit, flagsLimit } = machine;
  const expected = toolHistograms(processes, frames, { pagemapLimit, flagsLimit });
  const found = toolRun(machine);
  if (expected === undefined || found === undefined) {
    return (expected === undefined) === (found === undefined) ? [] : [`one of them does not end`];
  }
  return differences(plain(expected), plain(found)).map((change) => JSON.stringify(change));
}

/** The tool as a reporter: what the claims say of it. Where it does not end, it has nothing to report. */
export const toolReporter: Reporter = (machine) => {
  const found = toolRun(machine)?.histograms ?? {
    sections: [],
    workingSet: { presentPages: 0, smallPages: 0, hugePages: 0 },
  };
  const uncut = { name: "across_VMAs" as const, histogram: { sizes: [], counts: [] } };
  const histograms = { ...found, sections: [...found.sections, uncut] };
  return { histograms, report: reportOf(histograms) };
};

const plain = (value: object): Plain => JSON.parse(JSON.stringify(value)) as Plain;
