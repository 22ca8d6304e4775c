/** What a chart is told beside the story: the set-up in the system's words, and how wide the terminal is. */
import type { AnyOperation, AnySystem } from "../properties/engine/any-system.js";
import type { Counterexample } from "../properties/engine/counterexample.js";
import type { ChartOptions } from "./chart.js";
import type { Terminal } from "./terminal.js";

/** Longer set-ups are told to here. */
const SETUP_MAX = 12;

export function chartOptions(
  system: AnySystem,
  { scope: { setup } }: Counterexample,
  { columns }: Terminal,
): ChartOptions {
  const told = setup.slice(0, SETUP_MAX).map((operation) => inWords(system, operation));
  const others = setup.length - told.length;
  return {
    setup: others === 0 ? told : [...told, `… and ${others} more`],
    ...(columns === undefined ? {} : { columns }),
  };
}

/** A document from elsewhere may hold operations that the system has no words for: then their kind. */
function inWords(system: AnySystem, operation: AnyOperation): string {
  try {
    return `${system.actor(operation)}: ${system.describe(operation)}`;
  } catch {
    return operation.kind;
  }
}
