/** Operations and answers as a person would say them. */
import { match } from "ts-pattern";
import type { Operation } from "../../vocabulary/page-table/operations.js";
import type { LeafReport, Outcome } from "../../vocabulary/page-table/outcomes.js";

export function actor(operation: Operation): string {
  return "cpu" in operation ? `cpu ${operation.cpu}` : "kernel";
}

export function describe(operation: Operation): string {
  return match(operation)
    .with(
      { kind: "map" },
      ({ page, level, frame, rights }) => `map page ${page} to frame ${frame}, ${rights}, level ${level}`,
    )
    .with({ kind: "unmap" }, ({ page }) => `unmap page ${page}`)
    .with({ kind: "protect" }, ({ page, rights }) => `protect page ${page}, ${rights}`)
    .with({ kind: "split" }, ({ page }) => `split the leaf at page ${page}`)
    .with({ kind: "collapse" }, ({ page, level }) => `collapse to level ${level} at page ${page}`)
    .with({ kind: "walk" }, ({ page }) => `walk to page ${page}`)
    .with({ kind: "load" }, () => "load the root")
    .with({ kind: "flush" }, () => "flush")
    .with(
      { kind: "access" },
      ({ virtualPage, access, mode }) => `touch page ${virtualPage}, ${access}${mode === "user" ? "" : ` as ${mode}`}`,
    )
    .exhaustive();
}

export function describeAnswer(answer: Outcome): string {
  return match(answer)
    .with({ kind: "done" }, () => "done")
    .with({ kind: "occupied" }, ({ level }) => `occupied on level ${level}`)
    .with({ kind: "absent" }, ({ level }) => `nothing on level ${level}`)
    .with({ kind: "noMemory" }, () => "no memory")
    .with({ kind: "notLarge" }, () => "not large")
    .with({ kind: "notCollapsible" }, () => "not collapsible")
    .with({ kind: "leaf" }, ({ leaf }) => describeLeaf(leaf))
    .with({ kind: "translated" }, ({ frame }) => `frame ${frame}`)
    .with({ kind: "fault" }, ({ reason, level }) => `fault: ${reason}, level ${level}`)
    .exhaustive();
}

function describeLeaf({ level, frame, rights, accessed, dirty }: LeafReport): string {
  const marks = `${accessed ? "A" : ""}${dirty ? "D" : ""}`;
  return `frame ${frame}, ${rights}, level ${level}${marks === "" ? "" : `, ${marks}`}`;
}
