/**
 * What can be asked of the page cache, one operation at a time, and what it answers. A frame is `out` between the pop
 * that handed it out and the push that brings it back.
 */
export type Operation =
  /** Takes the page on top of the node's list. */
  | { readonly kind: "pop"; readonly node: number }
  /** Gives a frame that is out back to its node's list. */
  | { readonly kind: "push"; readonly frame: number }
  /** The owner of a frame that is out writes into the page. */
  | { readonly kind: "write"; readonly frame: number }
  /** Empties a node's list into the node's free frames. */
  | { readonly kind: "drain"; readonly node: number }
  | { readonly kind: "drainAll" }
  /** Fills every node's list up to `target` pages; a node stops where it has no free frame. */
  | { readonly kind: "populate"; readonly target: number }
  /** Zeroes hits, misses and returns of every node. */
  | { readonly kind: "reset" };

export type Answer =
  | { readonly kind: "done" }
  /** pop: the frame, and whether its content was all zero and its link empty. */
  | { readonly kind: "frame"; readonly frame: number; readonly clean: boolean }
  /** pop: the list is empty. */
  | { readonly kind: "empty" }
  /** drain, drainAll, populate: how many pages moved. */
  | { readonly kind: "moved"; readonly pages: number };
