/** The ranges of address spaces, as the raw words have them. */
import type { MemoryPort } from "../../impl/memory-port.js";
import type { ReplicationLayout } from "../../impl/replication/layout.js";
import { isShared, leafOf, Ranges, rightsOf, WRITEABLE } from "../../impl/replication/ranges.js";

export interface RangeWords {
  readonly page: number;
  /** The page behind the last one. */
  readonly end: number;
  /** Bits of impl/replication/ranges.ts. */
  readonly rights: number;
  readonly isWriteable: boolean;
  readonly isShared: boolean;
  readonly leaf: number;
}

export class RangeReader {
  private readonly ranges: Ranges;

  constructor(port: MemoryPort, layout: ReplicationLayout) {
    this.ranges = new Ranges(port, layout);
  }

  /** The ranges of the address space in a slot, ascending. */
  of(slot: number): RangeWords[] {
    const found: RangeWords[] = [];
    for (let index = 0; index < this.ranges.count(slot); index++) found.push(this.range(slot, index));
    return found;
  }

  /** The one that has this page. */
  at(slot: number, page: number): RangeWords | undefined {
    for (let index = 0; index < this.ranges.count(slot); index++) {
      if (this.ranges.start(slot, index) <= page && page < this.ranges.end(slot, index)) return this.range(slot, index);
    }
    return undefined;
  }

  private range(slot: number, index: number): RangeWords {
    const attributes = this.ranges.attributes(slot, index);
    return {
      page: this.ranges.start(slot, index),
      end: this.ranges.end(slot, index),
      rights: rightsOf(attributes),
      isWriteable: (rightsOf(attributes) & WRITEABLE) !== 0,
      isShared: isShared(attributes),
      leaf: leafOf(attributes),
    };
  }
}
