/** A check as JUnit XML, the form that CI servers read: a suite per system, a case per scope. */
import { stripVTControlCharacters } from "node:util";
import XMLBuilder from "fast-xml-builder";
import { chart } from "./chart.js";
import type { CheckReport, ScopeResult } from "./report.js";
import type { Findings } from "./run-scopes.js";

export function junit({ results }: CheckReport, findings: Findings): string {
  const systems = [...new Set(results.map(({ system }) => system))];
  const suites = systems.map((system) => {
    const own = results.filter((result) => result.system === system);
    return { "@_name": system, ...totals(own), testcase: own.map((result) => testcase(result, findings)) };
  });
  const document = { testsuites: { "@_name": "pagetwin", ...totals(results), testsuite: suites } };
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`;
}

function totals(results: readonly ScopeResult[]): Record<string, number> {
  return {
    "@_tests": results.length,
    "@_failures": results.filter(({ verdict }) => verdict === "violated").length,
    "@_errors": results.filter(({ verdict }) => verdict === "unfinished").length,
  };
}

function testcase(result: ScopeResult, findings: Findings): object {
  const attributes = { "@_classname": `${result.system}.${result.engine}`, "@_name": result.scope };
  if (result.verdict === "unfinished")
    return { ...attributes, error: { "@_message": "a limit was reached before a verdict" } };
  const failure = result.violations.map(({ invariant, steps, finding }) => ({
    "@_message": `${invariant} is violated after ${steps} steps`,
    "@_type": invariant,
    "#text": `${storyIn(finding, findings)}${replayOf(finding)}`,
  }));
  return failure.length === 0 ? attributes : { ...attributes, failure };
}

function storyIn(file: string | null, { found }: Findings): string {
  const document = found.find((one) => one.file === file)?.document;
  return document === undefined ? "" : printable(chart(document));
}

/** The command that runs the story again, with the file that holds it. */
export function replayOf(finding: string | null): string {
  return finding === null ? "" : `\nnpx pagetwin replay ${finding}`;
}

/** XML 1.0 has no way to write most control characters: colours are left out, others replaced. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\t\n\r])\p{Cc}|\p{Cs}/gu, "?");
}
