/** The words of the replication system in parts: what changed tells an engine which claims need another look. */
import type { ReplicationLayout } from "../../impl/replication/layout.js";
import type { Part } from "../engine/system.js";

/**
 * What is told apart: `machine` is mode, inherit and the kernel's root entries, `cpus` all that CPUs run, have loaded and
 * remember, `spaces` address spaces without their ranges, `totals` what is counted of spaces, and names.
 */
export const PARTS = [
  "machine",
  "caches",
  "processes",
  "cpus",
  "spaces",
  "ranges",
  "links",
  "descriptors",
  "pools",
  "tables",
  "counters",
  "history",
  "totals",
] as const;

export type PartName = (typeof PARTS)[number];

export function partsOf(layout: ReplicationLayout): readonly Part[] {
  const { tables, statistics } = layout;
  const parts: Part[] = [];
  const until = (name: PartName, end: number) => {
    parts.push({ name, first: parts.at(-1)?.end ?? 0, end });
  };
  until("machine", layout.cacheBase);
  until("caches", layout.process(1));
  until("processes", layout.cpuPid(0));
  until("cpus", layout.space(0));
  for (let slot = 0; slot < layout.slots; slot++) {
    until("spaces", layout.range(slot, 0));
    until("ranges", layout.spaceEnd(slot));
  }
  until("links", layout.descriptor(0));
  until("descriptors", tables.base);
  until("pools", tables.cpuBase);
  until("cpus", tables.tableBase);
  until("tables", layout.stateWords);
  until("counters", statistics.historyFirst);
  until("history", statistics.space(0));
  until("totals", layout.words);
  return parts;
}
