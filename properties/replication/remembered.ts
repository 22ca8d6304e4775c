/** What the CPUs remember, as the raw words have it: translations and remembered tables. */
import type { MemoryPort } from "../../impl/memory-port.js";
import { Hardware } from "../../impl/page-table/hardware.js";
import { SLOT_WORDS } from "../../impl/page-table/layout.js";
import { slotIsDirty, slotLevel, slotRights } from "../../impl/page-table/tlb.js";
import type { ReplicationLayout } from "../../impl/replication/layout.js";

export interface Translation {
  readonly cpu: number;
  readonly page: number;
  readonly level: number;
  readonly frame: number;
  readonly rights: number;
  readonly dirty: boolean;
}

export interface Shortcut {
  readonly cpu: number;
  /** Level of the table that is remembered, and the first page that it covers. */
  readonly level: number;
  readonly page: number;
  readonly child: number;
}

export class Remembered {
  private readonly layout: ReplicationLayout;
  private readonly hardware: Hardware;

  constructor(port: MemoryPort, layout: ReplicationLayout) {
    this.layout = layout;
    this.hardware = new Hardware(port, layout.tables);
  }

  loadedRoot(cpu: number): number {
    return this.hardware.root(cpu);
  }

  /** The valid slots of a CPU's TLB. */
  translations(cpu: number): Translation[] {
    const { tlb } = this.hardware;
    const first = this.layout.tables.tlbIndex(cpu);
    const found: Translation[] = [];
    for (let at = 0; at < this.layout.geometry.tlbSlots; at++) {
      const slot = first + at * SLOT_WORDS;
      const info = tlb.info(slot);
      const level = slotLevel(info);
      if (level === 0) continue;
      const dirty = slotIsDirty(info);
      found.push({ cpu, page: tlb.page(slot), level, frame: tlb.frame(slot), rights: slotRights(info), dirty });
    }
    return found;
  }

  /** The valid slots of a CPU's paging-structure caches. */
  shortcuts(cpu: number): Shortcut[] {
    const { walkCache } = this.hardware;
    const { levels, walkCacheSlots } = this.layout.geometry;
    const found: Shortcut[] = [];
    for (let level = 2; level <= levels; level++) {
      const first = this.layout.tables.walkCacheIndex(cpu, level);
      for (let at = 0; at < walkCacheSlots; at++) {
        const slot = first + at * SLOT_WORDS;
        if (!walkCache.isValid(slot)) continue;
        const page = walkCache.prefix(slot, level) * this.layout.tables.span(level);
        found.push({ cpu, level: level - 1, page, child: walkCache.child(slot) });
      }
    }
    return found;
  }
}
