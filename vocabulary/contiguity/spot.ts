/**
 * The words of SpOT, the offset predictor (5, 7.4): a small table, looked up by the program counter of the access that
 * missed, that predicts the frame before the walk ends.
 */

export interface SpotShape {
  /** Sets of the table, a power of two; entries of a set. 8 and 4 in the literature. */
  readonly sets: number;
  readonly ways: number;
}

/** A confidence counts from 0 to this. */
export const CONFIDENCE_MAX = 3;
/** At this confidence and above a prediction is made. */
export const PREDICTING = 2;

/** One last-level TLB miss and what its walk found. */
export interface Miss {
  /** Program counter, 0 to 2^31 − 1. */
  readonly counter: number;
  readonly page: number;
  readonly frame: number;
  readonly writable: boolean;
}

export type Prediction =
  /** No entry, or too little confidence. */
  | { readonly kind: "none" }
  /** The walk agreed: the access went on meanwhile. */
  | { readonly kind: "right"; readonly frame: number }
  /** The walk did not agree: what was done meanwhile is undone. */
  | { readonly kind: "squashed"; readonly frame: number };

export interface SpotOperation extends Miss {
  readonly kind: "miss";
}
