/** The layout of a live process as a workload for replication. */

import type { AnySystem } from "../properties/engine/any-system.js";
import { workloadOf } from "../properties/replication/maps-workload.js";
import { OWN_MAPS } from "./files.js";
import { readMaps } from "./maps.js";
import type { ScopeResult } from "./report.js";
import { type Findings, workloadScope } from "./run-scopes.js";
import type { Terminal } from "./terminal.js";

/** Most pages of a process that are touched; of the command's own, among the quick checks, fewer. */
const PAGES_MAX = 4096;
const PAGES_MAX_OWN = 256;
const NODES = 4;

type LayoutRun = (
  system: AnySystem,
  findings: Findings,
  terminal: Terminal,
  options: { readonly seed: number },
) => ScopeResult[];

/**
 * Reads the layout now and answers what runs it later. Systems other than replication have no use for it.
 * @throws PagetwinError `FORMAT` for a file that cannot be used
 */
export function layoutRun(file: string): LayoutRun {
  const { regions, skipped } = readMaps(file);
  return (system, findings, terminal, { seed }) => {
    if (system.name !== "replication") return [];
    const { shape, phases, picks } = workloadOf(regions, {
      pagesMax: file === OWN_MAPS ? PAGES_MAX_OWN : PAGES_MAX,
      seed,
      nodes: NODES,
    });
    const left = skipped === 0 ? "" : `, ${skipped} in the kernel's half left out`;
    const notes = [`${regions.length} regions${left}, ${picks.length} pages touched on ${NODES} nodes`];
    return [workloadScope(system, { name: `maps ${file}`, shape, phases }, findings, terminal, seed, notes)];
  };
}
