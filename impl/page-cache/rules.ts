/** The rules of the page cache that a mutant can drop. All true is the cache itself. */
export interface CacheRules {
  /** A page is zeroed before it goes on the list (M28). */
  readonly zeroAtPush: boolean;
  /** The tag changes with each of the three ways in which a head can change (M29: none; M30: pop alone). */
  readonly tagOnPush: boolean;
  readonly tagOnPop: boolean;
  readonly tagOnDrain: boolean;
  /** Pop looks at the head before it looks for the page that follows (M31). */
  readonly headBeforeNext: boolean;
  /** Push writes the page's link before the head names the page (M32). */
  readonly linkBeforeSwap: boolean;
  /** A page goes on the list of its own node, not of the thread's (M34). */
  readonly ownNode: boolean;
  /** Drain takes off the count what it has taken off the list; without it it stores zero (M46). */
  readonly exactDrain: boolean;
}

export const CACHE_RULES: CacheRules = {
  zeroAtPush: true,
  tagOnPush: true,
  tagOnPop: true,
  tagOnDrain: true,
  headBeforeNext: true,
  linkBeforeSwap: true,
  ownNode: true,
  exactDrain: true,
};
