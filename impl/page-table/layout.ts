/**
 * Where everything of the page-table system lies in its one `Int32Array`, and how numbers turn into word indices.
 *
 *   base                                                                                        end
 *   │ table pools, per node │ data pools, per node │ CPUs │ … │ table memory, per node            │
 *   │ free · hint · bits…   │ free · hint · bits…  │      │   │ frame 0 · frame 1 · … · (padding) │
 *
 *   table memory: a frame is 2^indexBits entries; entry i of a frame is two words, low at 2i and high at 2i + 1
 *
 * The words of an entry lie side by side, which is also the real byte layout: one cache line per entry, and a dump can
 * be loaded as it is. The pools of two nodes are an odd number of frames apart: with a power of two, the same entry of
 * eight copies falls into one cache set and stores become six times slower (measured).
 *
 * Page numbers have up to 45 bits, too many for integer arithmetic. A walk wants two small integers, split at a level
 * boundary: `low` for the indices of levels 1 and 2, `high` for those above. Interfaces take one exact double and split
 * it; the hottest have a second form that takes the halves (a walk: 186 M/s with halves, 129 M/s with a double, measured).
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Geometry } from "../../vocabulary/geometry.js";
import { LARGE, reservedAddressHigh, reservedAddressLow, reservedAlignment } from "./entry.js";

const ENTRY_SHIFT = 1;
/** Words of one entry: low, high. */
export const ENTRY_WORDS = 1 << ENTRY_SHIFT;
/** Words of a TLB slot and of a paging-structure cache slot (see the pictures in tlb.ts and walk-cache.ts). */
export const SLOT_WORDS = 4;
/** Words of a CPU before its slots: the loaded root. */
const CPU_HEAD_WORDS = 1;
/** Words of a zone before its bitmap: how many frames are free, and the first bitmap word with a free frame. */
export const ZONE_HEAD_WORDS = 2;
/** Large leaves exist on level 2 (2 MiB) and level 3 (1 GiB), never in a root (W9). */
const LARGEST_LEAF_LEVEL = 3;
/** Word indices are 32-bit integers; what lies behind the tables, statistics of a system, has to fit as well. */
const WORDS_MAX = 2 ** 31 - 2 ** 24;

export class TableLayout {
  readonly geometry: Geometry;
  readonly levels: number;
  readonly indexBits: number;
  readonly entriesPerTable: number;
  /** Highest level that can hold a leaf. */
  readonly leafLevels: number;
  readonly cpus: number;
  /** First word and the word behind the last one. */
  readonly base: number;
  readonly end: number;
  readonly tablePoolBase: number;
  readonly tablePoolStride: number;
  readonly dataPoolBase: number;
  readonly dataPoolStride: number;
  readonly cpuBase: number;
  readonly cpuStride: number;
  readonly tableBase: number;
  /** Words of one table, and from one node's table memory to the next. */
  readonly tableWords: number;
  readonly nodeStride: number;
  /** log2 of the words of one table. */
  readonly tableShift: number;
  /** Frames from one node to the next: table zone and data zone. */
  readonly framesPerNode: number;
  /** Reserved bits: of any entry's high word; by level, of the low word of a table pointer and of a leaf. */
  readonly reservedHigh: number;
  readonly reservedTable: Int32Array;
  readonly reservedLeaf: Int32Array;

  /** Extracts one level's index from a shifted page number. */
  readonly indexMask: number;
  /** Shift that extracts the root's index from the high half; negative with 2 levels, where there is no high half. */
  readonly topShift: number;
  /** Places for tables from one node to the next, and how many fewer these are than its frames. */
  private readonly placesPerNode: number;
  private readonly placelessFrames: number;
  private readonly lowPages: number;
  private readonly perLowPages: number;

  /**
   * @param base the first word of the caller's array that this layout may use
   * @throws PagetwinError `GEOMETRY` for a machine of more words than an index can name
   */
  constructor(geometry: Geometry, base = 0) {
    const { levels, indexBits, nodes, tableFrames, dataFrames, tlbSlots, walkCacheSlots } = geometry;
    this.geometry = geometry;
    this.levels = levels;
    this.indexBits = indexBits;
    // Shifts, not powers: a result of ** stays a double, and so does everything computed from it.
    this.entriesPerTable = 1 << indexBits;
    this.indexMask = this.entriesPerTable - 1;
    this.leafLevels = Math.min(LARGEST_LEAF_LEVEL, levels - 1);
    this.cpus = nodes * geometry.cpusPerNode;
    this.framesPerNode = tableFrames + dataFrames;
    this.tableShift = indexBits + ENTRY_SHIFT;
    this.topShift = indexBits * (levels - 3);
    this.lowPages = 1 << (2 * indexBits);
    this.perLowPages = 1 / this.lowPages;

    this.base = base;
    this.tablePoolBase = base;
    this.tablePoolStride = zoneWords(tableFrames);
    this.dataPoolBase = this.tablePoolBase + nodes * this.tablePoolStride;
    this.dataPoolStride = zoneWords(dataFrames);
    this.cpuBase = this.dataPoolBase + nodes * this.dataPoolStride;
    this.cpuStride = CPU_HEAD_WORDS + SLOT_WORDS * (tlbSlots + (levels - 1) * walkCacheSlots);
    this.tableWords = this.entriesPerTable * ENTRY_WORDS;
    this.placesPerNode = tablePlaces(tableFrames);
    this.placelessFrames = this.framesPerNode - this.placesPerNode;
    this.nodeStride = this.placesPerNode * this.tableWords;
    const words = this.cpuBase + this.cpus * this.cpuStride + nodes * this.nodeStride;
    if (words > WORDS_MAX) {
      throw new PagetwinError("GEOMETRY", `the machine needs ${words} words: expected frames for at most ${WORDS_MAX}`);
    }
    // Tables begin at a multiple of their own size, so that no table shares a cache line with anything else.
    this.tableBase = (this.cpuBase + this.cpus * this.cpuStride + this.tableWords - 1) & -this.tableWords;
    this.end = this.tableBase + (nodes - 1) * this.nodeStride + tableFrames * this.tableWords;

    this.reservedHigh = reservedAddressHigh(geometry.physicalAddressBits);
    const addressLow = reservedAddressLow(geometry.physicalAddressBits);
    this.reservedTable = new Int32Array(levels + 1);
    this.reservedLeaf = new Int32Array(levels + 1);
    for (let level = 1; level <= levels; level++) {
      // PS is reserved where no leaf can be: such an entry faults instead of being taken for a pointer.
      this.reservedTable[level] = addressLow | (level > this.leafLevels ? LARGE : 0);
      this.reservedLeaf[level] = addressLow | reservedAlignment(this.spanBits(level));
    }
  }

  /** How many words the caller's array must have beyond `base`. */
  get words(): number {
    return this.end - this.base;
  }

  /** log2 of the pages that an entry of this level spans. */
  spanBits(level: number): number {
    return this.indexBits * (level - 1);
  }

  /** Pages that an entry of this level spans: 1, 512, 262,144 … on x86-64. */
  span(level: number): number {
    return 2 ** this.spanBits(level);
  }

  /** Pages of the whole address space; page numbers are 0 to this minus 1. */
  get pages(): number {
    return 2 ** (this.levels * this.indexBits);
  }

  /** The part of a page number that levels 3 and above index, below 2^27. */
  highOf(page: number): number {
    // A product with a power of two is exact, and the conversion to an integer drops the fraction.
    return (page * this.perLowPages) | 0;
  }

  /** The part of a page number that levels 1 and 2 index, below 2^18. */
  lowOf(page: number, high: number): number {
    return (page - high * this.lowPages) | 0;
  }

  /** The page number of two halves. */
  pageOf(high: number, low: number): number {
    return high * this.lowPages + low;
  }

  /** The index within a table of this level, from the halves of a page number. */
  indexAt(level: number, high: number, low: number): number {
    return level > 2
      ? (high >>> (this.indexBits * (level - 3))) & this.indexMask
      : (low >>> (this.indexBits * (level - 1))) & this.indexMask;
  }

  /** The index within a table of this level, from a whole page number. */
  indexOf(page: number, level: number): number {
    const high = this.highOf(page);
    return this.indexAt(level, high, this.lowOf(page, high));
  }

  /** The node that a frame lies on; the frame must be one of the machine's. */
  nodeOfFrame(frame: number): number {
    // A division is dear and most tables lie on the first node: asked first, it costs the others nothing measurable.
    return frame < this.framesPerNode ? 0 : (frame / this.framesPerNode) | 0;
  }

  nodeOfCpu(cpu: number): number {
    return (cpu / this.geometry.cpusPerNode) | 0;
  }

  /** The frame lies in some node's table zone. */
  isTableFrame(frame: number): boolean {
    if (frame < 0 || frame >= this.framesPerNode * this.geometry.nodes) return false;
    return frame - this.nodeOfFrame(frame) * this.framesPerNode < this.geometry.tableFrames;
  }

  /** First frame of a node's table zone. */
  firstTableFrame(node: number): number {
    return node * this.framesPerNode;
  }

  /** First frame of a node's data zone. */
  firstDataFrame(node: number): number {
    return node * this.framesPerNode + this.geometry.tableFrames;
  }

  /** How many tables lie before this one in table memory, paddings counted as such. The frame must be in a table zone. */
  placeOf(frame: number): number {
    return frame < this.framesPerNode ? frame : frame - ((frame / this.framesPerNode) | 0) * this.placelessFrames;
  }

  /** The inverse of {@link placeOf}. */
  frameAt(place: number): number {
    return place < this.placesPerNode ? place : place + ((place / this.placesPerNode) | 0) * this.placelessFrames;
  }

  /** Word index of a table's first entry. The frame must be in a table zone. */
  tableIndex(frame: number): number {
    return this.tableBase + (this.placeOf(frame) << this.tableShift);
  }

  /** Word index of the low word of entry `index` of the table in `frame`; its high word is the next one. */
  entryIndex(frame: number, index: number): number {
    return this.tableIndex(frame) + (index << ENTRY_SHIFT);
  }

  /** The frame whose table holds the word: the inverse of {@link entryIndex}. */
  frameOfEntry(word: number): number {
    return this.frameAt((word - this.tableBase) >>> this.tableShift);
  }

  cpuIndex(cpu: number): number {
    return this.cpuBase + cpu * this.cpuStride;
  }

  /** Word index of a CPU's first TLB slot. */
  tlbIndex(cpu: number): number {
    return this.cpuIndex(cpu) + CPU_HEAD_WORDS;
  }

  /** Word index of the first structure-cache slot of a CPU for entries of `level`, 2 to `levels`. */
  walkCacheIndex(cpu: number, level: number): number {
    const { tlbSlots, walkCacheSlots } = this.geometry;
    return this.tlbIndex(cpu) + SLOT_WORDS * (tlbSlots + (level - 2) * walkCacheSlots);
  }
}

/** Places for the tables of one node, an odd number of them: see the picture. */
export function tablePlaces(tableFrames: number): number {
  return tableFrames | 1;
}

/** Words of one node's pool. The bitmap may begin up to 31 bits before the zone, so that aligned runs stay aligned. */
function zoneWords(frames: number): number {
  return frames === 0 ? 0 : ZONE_HEAD_WORDS + ((frames + 31 + 31) >>> 5);
}
