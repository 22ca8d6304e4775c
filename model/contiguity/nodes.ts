/** Several nodes: on which of them somebody asks for memory, and where it is looked for. */
import type { Zone } from "./buddy.js";
import type { ProcessState } from "./state.js";

/** Who asks for frames. */
export interface Asker {
  /** Where the CPU is on which it asks. */
  readonly node: number;
  /** Pages of all its areas, mapped or not. */
  readonly pages: number;
}

/** The kernel itself, which has no areas. */
export const kernelOn = (node: number): Asker => ({ node, pages: 0 });

/** @param node where the thread is that asks, if it is not where the process is */
export function askerOf({ node: home, areas }: ProcessState, node = home): Asker {
  return { node, pages: areas.reduce((sum, area) => sum + (area === null ? 0 : area.end - area.first), 0) };
}

export const hasNode = (zones: readonly Zone[], node: number): boolean => zones.some((zone) => zone.node === node);

/** The zone that areas of a process on this node are placed in (1.5). */
export function normalZone(zones: readonly Zone[], node: number): number {
  return zones.findIndex((zone) => zone.node === node && zone.name === "Normal");
}

/**
 * The zones in the order in which they are tried: first the node's own, then those of the node behind it, and so on round to
 * the node before it; of each node first Normal, then the others as they lie.
 */
export function zoneOrder(zones: readonly Zone[], node: number): readonly number[] {
  const nodes = 1 + Math.max(...zones.map((zone) => zone.node));
  const ring = Array.from({ length: nodes }, (_, at) => (node + at) % nodes);
  return ring.flatMap((each) => {
    const normal = normalZone(zones, each);
    const others = zones.flatMap((zone, number) => (zone.node === each && number !== normal ? [number] : []));
    return [normal, ...others];
  });
}

/** The zone that a frame belongs to; -1 for one that belongs to none. */
export function zoneHolding(zones: readonly Zone[], frame: number): number {
  return zones.findIndex(({ first, end }) => frame >= first && frame < end);
}
