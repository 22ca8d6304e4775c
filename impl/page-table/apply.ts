/** The stand-alone system in the words of vocabulary/: checks an operation, does it, and says what came out. */
import { PagetwinError } from "../../vocabulary/errors.js";
import { type Access, EXECUTE, type Mode, READ, SUPERVISOR, WRITE } from "../../vocabulary/page-table/access.js";
import { FAULT_LEVEL, FAULT_NO_ROOT, FAULT_REASONS } from "../../vocabulary/page-table/fault.js";
import type { Operation } from "../../vocabulary/page-table/operations.js";
import type { Outcome } from "../../vocabulary/page-table/outcomes.js";
import { isInstalled } from "./entry.js";
import { NO_ROOT } from "./hardware.js";
import { collapse, split } from "./large-leaves.js";
import { leafHighFlags, leafLowFlags, leafReport } from "./leaf-words.js";
import { ABSENT, NO_MEMORY, NOT_COLLAPSIBLE, NOT_LARGE, OCCUPIED, type PageTable } from "./page-table.js";

const ACCESS_CODES: Readonly<Record<Access, number>> = { read: READ, write: WRITE, execute: EXECUTE };
const VIRTUAL_PAGES = 2 ** 52;

/** An access needs a loaded root; everything else may be asked in every state. */
export function enabled(system: PageTable, operation: Operation): boolean {
  return operation.kind !== "access" || system.hardware.root(operation.cpu) !== NO_ROOT;
}

/**
 * Does one operation.
 * @throws PagetwinError `ARGUMENT` for a value out of range, `NOT_ENABLED` for an access without a root
 */
export function apply(system: PageTable, operation: Operation): Outcome {
  check(system, operation);
  switch (operation.kind) {
    case "map": {
      const { cpu, page, level, frame, rights, attributes } = operation;
      const low = leafLowFlags(level, rights, attributes);
      return outcome(system, system.map(cpu, page, level, frame, low, leafHighFlags(rights, attributes)));
    }
    case "unmap": {
      const code = system.unmap(operation.page);
      if (code !== 0) return outcome(system, code);
      return { kind: "leaf", leaf: leafReport(system.removedLevel, system.removedLow, system.removedHigh) };
    }
    case "protect":
      return outcome(system, system.protect(operation.page, operation.rights));
    case "split":
      return outcome(system, split(system, operation.cpu, operation.page));
    case "collapse":
      return outcome(system, collapse(system, operation.page, operation.level));
    case "walk": {
      const entry = system.entries.find(system.root, operation.page);
      const low = system.entries.low(entry);
      if (!isInstalled(low)) return outcome(system, ABSENT);
      return { kind: "leaf", leaf: leafReport(system.entries.level, low, system.entries.high(entry)) };
    }
    case "load":
      system.load(operation.cpu);
      return { kind: "done" };
    case "flush":
      system.hardware.flushCpu(operation.cpu);
      return { kind: "done" };
    case "access":
      return access(system, operation.cpu, operation.virtualPage, operation.access, operation.mode);
  }
}

function access(system: PageTable, cpu: number, virtualPage: number, kind: Access, mode: Mode): Outcome {
  const code = ACCESS_CODES[kind] | (mode === "supervisor" ? SUPERVISOR : 0);
  const answer = system.hardware.accessVirtual(cpu, virtualPage, code);
  if (answer >= 0) return { kind: "translated", frame: answer };
  const reason = FAULT_REASONS[-answer % FAULT_LEVEL];
  if (-answer === FAULT_NO_ROOT || reason === undefined) {
    throw new PagetwinError("NOT_ENABLED", `cpu ${cpu} has no root loaded: load one before an access`);
  }
  return { kind: "fault", reason, level: Math.floor(-answer / FAULT_LEVEL) };
}

function outcome(system: PageTable, code: number): Outcome {
  switch (code) {
    case OCCUPIED:
      return { kind: "occupied", level: system.entries.level };
    case ABSENT:
      return { kind: "absent", level: system.entries.level };
    case NO_MEMORY:
      return { kind: "noMemory" };
    case NOT_LARGE:
      return { kind: "notLarge" };
    case NOT_COLLAPSIBLE:
      return { kind: "notCollapsible" };
    default:
      return { kind: "done" };
  }
}

function check(system: PageTable, operation: Operation): void {
  const { layout } = system;
  if ("cpu" in operation) inRange("cpu", operation.cpu, layout.cpus);
  if ("page" in operation) inRange("page", operation.page, layout.pages);
  if (operation.kind === "access") inRange("virtualPage", operation.virtualPage, VIRTUAL_PAGES);
  if (operation.kind !== "map" && operation.kind !== "collapse") return;
  const { level } = operation;
  if (level > layout.leafLevels || level < (operation.kind === "map" ? 1 : 2)) {
    throw new PagetwinError(
      "ARGUMENT",
      `level is ${level}: leaves of this geometry have levels 1 to ${layout.leafLevels}`,
    );
  }
  if (operation.kind === "collapse") return;
  inRange("frame", operation.frame, 2 ** (layout.geometry.physicalAddressBits - 12));
  inRange("available", operation.attributes.available, 256);
  inRange("key", operation.attributes.key, 16);
  const span = layout.span(level);
  if (operation.page % span !== 0 || operation.frame % span !== 0) {
    throw new PagetwinError(
      "ARGUMENT",
      `page ${operation.page} and frame ${operation.frame} must be multiples of ${span}`,
    );
  }
  if (operation.rights === "---") {
    throw new PagetwinError("ARGUMENT", "rights are ---: map something that can be read, and protect it then");
  }
}

function inRange(name: string, value: number, end: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= end) {
    throw new PagetwinError("ARGUMENT", `${name} is ${value}: expected an integer from 0 to ${end - 1}`);
  }
}
