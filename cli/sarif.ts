/** A check as SARIF 2.1.0, the form that code-scanning services read: a rule per property, a result per violation. */
import type { AnySystem } from "../properties/engine/any-system.js";
import { replayOf } from "./junit.js";
import { type CheckReport, claimsOf, type JudgedClaim } from "./report.js";
import type { Findings } from "./run-scopes.js";

export function sarif(report: CheckReport, systems: readonly AnySystem[], { found }: Findings): string {
  const rules = new Map<string, Rule>();
  const add = (system: string, claim: JudgedClaim) => {
    const rule = ruleOf(system, claim);
    rules.set(rule.id, rule);
  };
  for (const system of systems) for (const claim of claimsOf(system)) add(system.name, claim);
  const results = report.results.flatMap(({ system, scope, violations }) =>
    violations.map(({ invariant, name, steps, finding }) => {
      // What is told of only when it breaks, such as a state that is never reached.
      add(system, { id: invariant, name });
      const witness = found.find(({ file }) => file === finding)?.document.violation.witness ?? [];
      return {
        ruleId: ruleOf(system, { id: invariant, name }).id,
        level: "error",
        message: {
          text:
            [`${invariant} is violated in ${scope} after ${steps} steps`, ...witness].join("\n") + replayOf(finding),
        },
        locations: finding === null ? [] : [{ physicalLocation: { artifactLocation: { uri: uriOf(finding) } } }],
      };
    }),
  );
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "pagetwin", rules: [...rules.values()] } }, results }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
}

/** Several claims may stand for one rule of a specification: only with the name the id is one claim's. */
function ruleOf(system: string, { id, name }: JudgedClaim): Rule {
  return { id: `${system}/${id}/${name}`, name, shortDescription: { text: `${system}: ${name}` } };
}

/** A path as a URI reference, each part of it encoded. */
function uriOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
