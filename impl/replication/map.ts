/** map: a range, and with `populate` its leaves (D7, W20). */
import { EEXIST, EINVAL, ENOMEM } from "./codes.js";
import type { Kernel } from "./kernel.js";
import { attributesOf, leafOf, rightsOf } from "./ranges.js";
import { populatePage } from "./touch.js";

/**
 * @param rights bits of ranges.ts
 * @param leaf largest leaf that a fault may install, 1 to 3
 * @returns leaves installed, or EINVAL, EEXIST, ENOMEM
 */
export function map(
  kernel: Kernel,
  cpu: number,
  page: number,
  pages: number,
  rights: number,
  shared: boolean,
  leaf: number,
  populate: boolean,
): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const end = page + pages;
  if (leaf > 1) {
    if (leaf >= kernel.tables.levels) return EINVAL;
    const span = kernel.tables.span(leaf);
    if (page % span !== 0 || pages % span !== 0) return EINVAL;
  }
  if (kernel.ranges.meets(slot, page, end)) return EEXIST;
  const attributes = attributesOf(rights, shared, leaf);
  if (!kernel.ranges.replace(slot, page, end, attributes, kernel.layout.geometry.ranges)) return ENOMEM;
  if (!kernel.rules.mapInstallsNothing) kernel.allocate.path(slot, cpu, page, leaf);
  return populate && rightsOf(attributes) !== 0 ? populateAll(kernel, cpu, slot, page, end) : 0;
}

/** Faults in every page, ascending; a page for which there is no memory ends it quietly. */
function populateAll(kernel: Kernel, cpu: number, slot: number, page: number, end: number): number {
  const range = kernel.ranges.find(slot, page);
  const largest = kernel.tables.span(leafOf(kernel.ranges.attributes(slot, range)));
  let installed = 0;
  for (let at = page; at < end; at++) {
    const done = populatePage(kernel, slot, cpu, at, range);
    if (done < 0) return installed;
    installed += done;
    if (largest > 1) at = lastOfLeaf(kernel, slot, at);
  }
  return installed;
}

/** The last page of the leaf that covers a page. */
function lastOfLeaf(kernel: Kernel, slot: number, page: number): number {
  kernel.entries.find(kernel.spaces.root(slot), page);
  const span = kernel.tables.span(kernel.entries.level);
  return page - (page % span) + span - 1;
}
