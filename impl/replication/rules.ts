/**
 * The rules that can be dropped one at a time: each field is a rule, and setting it to false is its mutant.
 *
 * Production code uses {@link ALL_RULES}. A dropped rule is the smallest change that breaks exactly that rule, so that
 * what is found shows why the rule is there. Ids M… are those of section 7 of the specification and of W21 to W28.
 */
export interface Rules {
  /** I1. The last member of a ring links back to the first (M1). */
  readonly closeRing: boolean;
  /** I5. A leaf is stored in every member of its table's ring, the last one included (M2). */
  readonly setEveryMember: boolean;
  /** I9. A parent's member names the child's member on its own node (M3). */
  readonly pointToOwnNode: boolean;
  /** I6. A pointer has the same flags in every member (M4: copies lose RW). */
  readonly keepPointerFlags: boolean;
  /** W9. A large leaf is not taken for a pointer when replication is enabled (M5). */
  readonly leafBySizeBit: boolean;
  /** I14. get_and_clear and clear go through the whole ring (M6). */
  readonly clearEveryMember: boolean;
  /** I16. Write protection goes through the whole ring (M7). */
  readonly protectEveryMember: boolean;
  /** I13. Test-and-clear of A goes through the whole ring (M8). */
  readonly ageEveryMember: boolean;
  /** I12, W3. An aggregated read adds A and D of the other members (M9). */
  readonly aggregateReads: boolean;
  /** I15, W2. Disable adds A and D of all members to the survivor (M11). */
  readonly mergeAtDisable: boolean;
  /** I11. Enable rewrites the home tree's pointers too (M20). */
  readonly rewireHome: boolean;
  /** I34, W8. A child starts without its parent's replica slots (M21). */
  readonly freshChild: boolean;
  /** I34, W8. Fork leaves the parent replicated (M22). */
  readonly forkKeepsParent: boolean;
  /** D22, D24. Steering is not passed on by fork and exec (M23). */
  readonly steeringNotInherited: boolean;
  /** D24. Exec passes replication on whatever `inherit` says (M24). */
  readonly execIgnoresInherit: boolean;
  /** I22. Release frees every copy of a ring (M25: the last one is forgotten). */
  readonly releaseEveryCopy: boolean;
  /** I3. Release clears the links of the copies (M26). */
  readonly clearCopyLinks: boolean;
  /** I23. A page is zeroed when it enters the cache (M28). */
  readonly zeroAtPush: boolean;
  /** I28. Only pages that came from the cache go back to it (M33). */
  readonly cacheOnlyItsOwn: boolean;
  /** I10. A page goes back to the cache of its own node (M34: to that of the acting CPU's node). */
  readonly cacheByPageNode: boolean;
  /** I19. A target without copy falls back to home (M35: to the highest node of the set). */
  readonly fallBackToHome: boolean;
  /** I20. Steering targets are checked against the stored set (M36: against the online nodes). */
  readonly steerWithinSet: boolean;
  /** I19. The steering vector is indexed by the CPU's node (M37: index and value swapped). */
  readonly steerByCpuNode: boolean;
  /** I31. The home node is always in the set (M38). */
  readonly addHome: boolean;
  /** D28. Mask 1 stands for all online nodes (M39: for node 0). */
  readonly maskOneMeansAll: boolean;
  /** D26. Two nodes must be asked for before home is added (M40). */
  readonly weighBeforeHome: boolean;
  /** I26. A load of the home root counts as primary (M41: as replica where the CPU wanted that node). */
  readonly countHomeAsPrimary: boolean;
  /** I17, I21. Disable sends every CPU to the home root before copies are freed (M12). */
  readonly disableSendsHome: boolean;
  /** I25, D27. Disable flushes the CPUs that are on the home root already (M60). */
  readonly disableFlushesHome: boolean;
  /** I31. Disable clears the set and the slots (M42). */
  readonly clearSetAtDisable: boolean;
  /** I9, W7. A copy comes from exactly its node or not at all (M43). */
  readonly strictCopies: boolean;
  /** I22, W39. Copies of a ring that is given up are given back (M44). */
  readonly giveBackPartial: boolean;
  /** W15. set_access_flags compares every member (M45: the home member only). */
  readonly compareEveryMember: boolean;
  /** I8. Enable copies the kernel's root entries too (M47). */
  readonly copyKernelHalf: boolean;
  /** I25. Loading a root flushes the CPU (M48). */
  readonly loadFlushes: boolean;
  /** I37. Unmap flushes (M49). */
  readonly unmapFlushes: boolean;
  /** I37. A flush reaches CPUs that run on copies (M50). */
  readonly flushReachesCopies: boolean;
  /** I15, W21. The child's D is that of all members of the parent (M51: of the home member only). */
  readonly forkAggregatesDirty: boolean;
  /** I37, W21. Fork flushes after it has write-protected (M52: before). */
  readonly forkFlushesAfter: boolean;
  /** I32, W16. Enable resets steering only when it succeeds (M61: at every attempt). */
  readonly resetSteeringOnSuccess: boolean;
  /** I33. Enable with the stored set answers 0 (M62: EALREADY). */
  readonly storedSetIsEnough: boolean;
  /** I29. Copies that enable makes move the peaks (M63). */
  readonly enableMovesPeaks: boolean;
  /** I30. Clearing the history leaves the sequence numbers alone (M64). */
  readonly sequenceGoesOn: boolean;
  /** I27. Totals count the root level too (M65). */
  readonly totalsCountRoots: boolean;
  /** I20. Steering entries below -1 are refused (M76). */
  readonly steerFromAuto: boolean;
  /** I30. The oldest record makes room when the history is full (M77: the newest takes the place of the first). */
  readonly oldestRecordGoes: boolean;
  /** I22, W45. Disable frees a member outside the set as well (M78). */
  readonly freeExtraMember: boolean;
  /** I32, W32. Cache pages that a failing enable gives back return in their order (M79: in that in which they were taken). */
  readonly cacheKeepsOrder: boolean;
  /** W27. Only the last use of an address space ends its replication (M80: every exit). */
  readonly lastUseEnds: boolean;
  /** W30. Where tables lie does not depend on the memory policy (M81). */
  readonly tablesIgnorePolicy: boolean;
  /** W33. A table whose parent has no ring gets none (M82). */
  readonly ringNeedsParents: boolean;
  /** W34. A base falls back to the other nodes in ascending order (M83: descending). */
  readonly fallBackAscending: boolean;
  /** W38. A root never comes from a cache (M84: that of a child may). */
  readonly rootsAreNotCached: boolean;
  /** W41. A session that began at time 0 leaves a record (M85: 0 is no time). */
  readonly zeroIsATime: boolean;
  /** W44. Enable moves no CPU (M86: it sends all that run the space to their copies). */
  readonly enableMovesNobody: boolean;
  /** W11. Sets of the top level count as PGD whatever the geometry (M87: as the level that the table has by its height). */
  readonly topSetsArePgd: boolean;
  /** W12. A counter has 53 bits (M88: 32). */
  readonly countersCarry: boolean;
  /** W20. A map that does not populate makes no table (M89: those for its first page). */
  readonly mapInstallsNothing: boolean;
  /** W20. A fault looks at range and rights before it makes tables (M90: behind). */
  readonly rightsBeforeTables: boolean;
  /** W26. A page without access keeps its frame (M91: protect to none takes it away). */
  readonly noneKeepsFrame: boolean;
  /** W26. Where members are compared, a page without access counts as present (M92: it does not). */
  readonly noneIsInstalled: boolean;
  /** W29. A change to a part of a large leaf splits it first (M93: the whole leaf is changed). */
  readonly partsAreSplitOff: boolean;
  /** I15, W29. The parts of a split leaf have the A and D of all members (M94: of the home member). */
  readonly partsGatherUse: boolean;
  /** W31. A protect that only adds rights flushes nobody (M95: everybody). */
  readonly addingNeedsNoFlush: boolean;
  /** W35. A set counts once, however many members it goes to (M96: once for each). */
  readonly setsCountOnce: boolean;
  /** W35. Protect counts a commit (M97: a set). */
  readonly protectCountsCommit: boolean;
  /** W36. Clears of the top level count as PGD (M98: as M87). */
  readonly topClearsArePgd: boolean;
  /** W37. A large leaf is counted at its own level (M99: as PTE). */
  readonly largeCountsAtItsLevel: boolean;
  /** I12, W37. A read of a large leaf adds A and D of the other members (M100: it reads home). */
  readonly largeReadsAggregate: boolean;
  /** W39. A page that came from a cache for a ring that is given up counts a hit and a return (M101: neither). */
  readonly givenUpCounts: boolean;
  /** I17, W42. A CPU that goes idle leaves the root of its process (M102: it keeps it until it runs another). */
  readonly idleLeavesRoot: boolean;
  /** I3, W25. Disable keeps the member that the home tree names (M103: the one at home, where remap has brought a ring under
   * a table that has none and lies elsewhere). */
  readonly keepsWhatIsNamed: boolean;
  /** I12, W22. Clean looks at every member (M53: at the home member only). */
  readonly cleanAggregates: boolean;
  /** W24. Whether unmap frees a table is decided by ranges (M54: by whether the table is empty). */
  readonly freeTablesByRange: boolean;
  /** W24. A neighbour's range keeps a table (M55). */
  readonly neighbourKeepsTable: boolean;
  /** I9, W25. A table that moves whole is entered node by node (M56: its home copy everywhere). */
  readonly moveTableByNode: boolean;
  /** W25. A leaf that moves keeps A and D of all members (M57). */
  readonly moveKeepsFlags: boolean;
  /** I37, W25. Remap flushes the old place (M58). */
  readonly remapFlushes: boolean;
  /** I7, W28. The payload of a moving page stands in every member (M59: in the home member only). */
  readonly payloadEverywhere: boolean;
  /** I12, W3. An aggregated read adds A and D of members that name the same frame (M10: their whole words, whatever they name). */
  readonly aggregateOneFrame: boolean;
  /** I17. Disable waits for a grace period before it frees copies (M13). */
  readonly disableOutwaits: boolean;
  /** I17. Disable clears the flag before it frees copies (M14: behind). */
  readonly disableClearsFlagFirst: boolean;
  /** I18. Enable sets in_progress before enabled (M15: behind). */
  readonly inProgressFirst: boolean;
  /** I18. A switch keeps to home while enable is at work (M16). */
  readonly heedInProgress: boolean;
  /** I36. Enable rewrites pointers when the copies are filled (M17: before). */
  readonly copyBeforeRewire: boolean;
  /** I5, W19. Enable fills copies before it links them (M18: behind, without the table's lock). */
  readonly copyBeforeLink: boolean;
  /** I5, W19. Enable holds the table's lock from the first word copied to the last link (M19). */
  readonly lockTableToCopy: boolean;
  /** I25, W5. Tables that unmap takes out are freed after the flush (M27: before). */
  readonly freeAfterFlush: boolean;
  /** 2.13. A switch looks at the flags again when it has read the slot (M66). */
  readonly lookAgainAfterSlot: boolean;
  /** I17, I18, 2.13. A switch looks at the flags a last time before it loads (M67). */
  readonly lookAgainBeforeLoad: boolean;
  /** B5. get_and_clear goes by the table's ring (M68: by the space's flag). */
  readonly zapByRing: boolean;
  /** I2, W4. A fault keeps enable and disable out (M69). */
  readonly faultsHoldAreas: boolean;
  /** I12. An aggregated read begins anew if home has changed meanwhile (M71). */
  readonly readHomeAgain: boolean;
  /** B3. Who has got a table's lock looks again whether it is that of the ring's base (M74). */
  readonly lockLooksAgain: boolean;
  /** D4. A fault looks again, with the lock, whether the slot that it wants to fill is empty (M75). */
  readonly faultsLookAgain: boolean;
  /** I25. Who walks tables without their locks is in a read section, which disable and unmap outwait (M70). */
  readonly walkersRead: boolean;
  /** I25. That grace period begins when no link leads to the copies any more (M73: before, as published). */
  readonly outwaitUnlinked: boolean;
  /** A fault that finds nothing to do waits for who is writing the leaf: its own copy may come last (M72). */
  readonly faultsWaitForWriters: boolean;
}

export const ALL_RULES: Rules = Object.freeze({
  closeRing: true,
  setEveryMember: true,
  pointToOwnNode: true,
  keepPointerFlags: true,
  leafBySizeBit: true,
  clearEveryMember: true,
  protectEveryMember: true,
  ageEveryMember: true,
  aggregateReads: true,
  mergeAtDisable: true,
  rewireHome: true,
  freshChild: true,
  forkKeepsParent: true,
  steeringNotInherited: true,
  execIgnoresInherit: true,
  releaseEveryCopy: true,
  clearCopyLinks: true,
  zeroAtPush: true,
  cacheOnlyItsOwn: true,
  cacheByPageNode: true,
  fallBackToHome: true,
  steerWithinSet: true,
  steerByCpuNode: true,
  addHome: true,
  maskOneMeansAll: true,
  weighBeforeHome: true,
  countHomeAsPrimary: true,
  disableSendsHome: true,
  disableFlushesHome: true,
  clearSetAtDisable: true,
  strictCopies: true,
  giveBackPartial: true,
  compareEveryMember: true,
  copyKernelHalf: true,
  loadFlushes: true,
  unmapFlushes: true,
  flushReachesCopies: true,
  forkAggregatesDirty: true,
  forkFlushesAfter: true,
  resetSteeringOnSuccess: true,
  storedSetIsEnough: true,
  enableMovesPeaks: true,
  sequenceGoesOn: true,
  totalsCountRoots: true,
  steerFromAuto: true,
  oldestRecordGoes: true,
  freeExtraMember: true,
  cacheKeepsOrder: true,
  lastUseEnds: true,
  tablesIgnorePolicy: true,
  ringNeedsParents: true,
  fallBackAscending: true,
  rootsAreNotCached: true,
  zeroIsATime: true,
  enableMovesNobody: true,
  topSetsArePgd: true,
  countersCarry: true,
  mapInstallsNothing: true,
  rightsBeforeTables: true,
  noneKeepsFrame: true,
  noneIsInstalled: true,
  partsAreSplitOff: true,
  partsGatherUse: true,
  addingNeedsNoFlush: true,
  setsCountOnce: true,
  protectCountsCommit: true,
  topClearsArePgd: true,
  largeCountsAtItsLevel: true,
  largeReadsAggregate: true,
  givenUpCounts: true,
  idleLeavesRoot: true,
  keepsWhatIsNamed: true,
  cleanAggregates: true,
  freeTablesByRange: true,
  neighbourKeepsTable: true,
  moveTableByNode: true,
  moveKeepsFlags: true,
  remapFlushes: true,
  payloadEverywhere: true,
  aggregateOneFrame: true,
  disableOutwaits: true,
  disableClearsFlagFirst: true,
  inProgressFirst: true,
  heedInProgress: true,
  copyBeforeRewire: true,
  copyBeforeLink: true,
  lockTableToCopy: true,
  freeAfterFlush: true,
  lookAgainAfterSlot: true,
  lookAgainBeforeLoad: true,
  zapByRing: true,
  faultsHoldAreas: true,
  readHomeAgain: true,
  lockLooksAgain: true,
  faultsLookAgain: true,
  walkersRead: true,
  outwaitUnlinked: true,
  faultsWaitForWriters: true,
});
