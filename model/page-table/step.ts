/** One operation on the stand-alone page-table system: the state after it and the answer. */
import { match } from "ts-pattern";
import type { Operation } from "../../vocabulary/page-table/operations.js";
import { type Answer, access, withCpu } from "./hardware.js";
import { collapse, map, protect, report, split, unmap } from "./kernel.js";
import { freshCpu, type State } from "./state.js";
import { end } from "./tables.js";

/** An access needs a loaded root; everything else may be asked in every state. */
export function enabled(state: State, operation: Operation): boolean {
  return operation.kind !== "access" || state.cpus[operation.cpu]?.root !== null;
}

export function apply(state: State, operation: Operation): Answer {
  return match(operation)
    .returnType<Answer>()
    .with({ kind: "map" }, (op) => map(state, op))
    .with({ kind: "unmap" }, ({ page }) => unmap(state, page))
    .with({ kind: "protect" }, ({ page, rights }) => protect(state, page, rights))
    .with({ kind: "split" }, ({ cpu, page }) => split(state, cpu, page))
    .with({ kind: "collapse" }, ({ page, level }) => collapse(state, page, level))
    .with({ kind: "walk" }, ({ page }) => {
      const { level, entry } = end(state, page);
      if (entry?.kind !== "leaf") return { state, outcome: { kind: "absent", level } };
      return { state, outcome: { kind: "leaf", leaf: report(level, entry) } };
    })
    .with({ kind: "load" }, ({ cpu }) => ({
      state: withCpu(state, cpu, freshCpu(state.geometry, state.root)),
      outcome: { kind: "done" },
    }))
    .with({ kind: "access" }, ({ cpu, virtualPage, access: kind, mode }) => access(state, cpu, virtualPage, kind, mode))
    .with({ kind: "flush" }, ({ cpu }) => ({
      state: withCpu(state, cpu, freshCpu(state.geometry, state.cpus[cpu]!.root)),
      outcome: { kind: "done" },
    }))
    .exhaustive();
}
