/** A check as SARIF 2.1.0, the form that code-scanning services read: a rule per property, a result per violation. */
import type { AnySystem } from "../properties/engine/any-system.js";
import { type CheckReport, claimsOf } from "./report.js";
import type { Findings } from "./run-scopes.js";

export function sarif(report: CheckReport, systems: readonly AnySystem[], { found }: Findings): string {
  const rules = systems.flatMap((system) =>
    claimsOf(system).map(({ id, name }) => ({
      id: `${system.name}/${id}`,
      name,
      shortDescription: { text: `${system.name}: ${name}` },
    })),
  );
  const results = report.results.flatMap(({ system, scope, violations }) =>
    violations.map(({ invariant, steps, finding }) => {
      const witness = found.find(({ file }) => file === finding)?.document.violation.witness ?? [];
      return {
        ruleId: `${system}/${invariant}`,
        level: "error",
        message: { text: [`${invariant} is violated in ${scope} after ${steps} steps`, ...witness].join("\n") },
        locations: finding === null ? [] : [{ physicalLocation: { artifactLocation: { uri: finding } } }],
      };
    }),
  );
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "pagetwin", rules } }, results }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
