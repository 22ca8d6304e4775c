/** Operations and answers as a person would say them. */
import type { Operation } from "../../vocabulary/page-table/operations.js";
import type { LeafReport, Outcome } from "../../vocabulary/page-table/outcomes.js";

export function actor(operation: Operation): string {
  return "cpu" in operation ? `cpu ${operation.cpu}` : "kernel";
}

export function describe(operation: Operation): string {
  switch (operation.kind) {
    case "map":
      return `map page ${operation.page} to frame ${operation.frame}, ${operation.rights}, level ${operation.level}`;
    case "unmap":
      return `unmap page ${operation.page}`;
    case "protect":
      return `protect page ${operation.page}, ${operation.rights}`;
    case "split":
      return `split the leaf at page ${operation.page}`;
    case "collapse":
      return `collapse to level ${operation.level} at page ${operation.page}`;
    case "walk":
      return `walk to page ${operation.page}`;
    case "load":
      return "load the root";
    case "flush":
      return "flush";
    case "access": {
      const { virtualPage, access, mode } = operation;
      return `touch page ${virtualPage}, ${access}${mode === "user" ? "" : ` as ${mode}`}`;
    }
  }
}

export function describeAnswer(answer: Outcome): string {
  switch (answer.kind) {
    case "done":
      return "done";
    case "occupied":
      return `occupied on level ${answer.level}`;
    case "absent":
      return `nothing on level ${answer.level}`;
    case "noMemory":
      return "no memory";
    case "notLarge":
      return "not large";
    case "notCollapsible":
      return "not collapsible";
    case "leaf":
      return describeLeaf(answer.leaf);
    case "translated":
      return `frame ${answer.frame}`;
    case "fault":
      return `fault: ${answer.reason}, level ${answer.level}`;
  }
}

function describeLeaf({ level, frame, rights, accessed, dirty }: LeafReport): string {
  const marks = `${accessed ? "A" : ""}${dirty ? "D" : ""}`;
  return `frame ${frame}, ${rights}, level ${level}${marks === "" ? "" : `, ${marks}`}`;
}
