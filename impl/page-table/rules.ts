/** The rules of this system that a mutant can drop, one at a time. All true is the system itself. */
export interface PageTableRules {
  /** An unmap frees and returns after the CPUs' translations of the page, and pointers on its path, are gone (I37, I25). */
  readonly unmapFlushes: boolean;
  /** A protect that takes a right away ends with the CPUs' translations gone (I37). */
  readonly protectFlushes: boolean;
  /** A collapse flushes before it frees the table (I25, W18). */
  readonly collapseFlushes: boolean;
  /** A split flushes the large translation before the table is published (I37 for its parts). */
  readonly splitFlushes: boolean;
  /** The parts of a split leaf inherit its A and D (W29). */
  readonly splitKeepsMarks: boolean;
  /** A collapsed leaf has the OR of its parts' A and D (W29 the other way round, I15). */
  readonly collapseKeepsMarks: boolean;
  /** A map that runs out of frames releases the tables it has linked (W34). */
  readonly failedMapUndoes: boolean;
  /** A fault drops the CPU's own cached translations of the address (W31). */
  readonly faultDropsTranslations: boolean;
  /** An access that faults sets no A in the leaf (W40). */
  readonly faultSparesLeaf: boolean;
  /** The first write through a translation without D walks again and sets D in the leaf (I12). */
  readonly writeSetsDirty: boolean;
}

export const PAGE_TABLE_RULES: PageTableRules = {
  unmapFlushes: true,
  protectFlushes: true,
  collapseFlushes: true,
  splitFlushes: true,
  splitKeepsMarks: true,
  collapseKeepsMarks: true,
  failedMapUndoes: true,
  faultDropsTranslations: true,
  faultSparesLeaf: true,
  writeSetsDirty: true,
};
