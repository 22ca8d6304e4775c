/** One step of the kernels and their channels, and what it did. */
import type { RequestKind, VoidReason } from "./protocol.js";

export type Operation =
  /** The application reads or writes, and that is not a local hit. */
  | { readonly kind: "read"; readonly kernel: number }
  | { readonly kind: "write"; readonly kernel: number; readonly draw: number }
  /** A pending access is taken up again in Invalid or Shared. */
  | { readonly kind: "retry"; readonly kernel: number; readonly draw: number }
  /** The request or the answer in flight from one kernel to another arrives. */
  | { readonly kind: "request" | "answer"; readonly from: number; readonly to: number; readonly draw: number }
  /** A wait state is left, under delayed exit. */
  | { readonly kind: "exit"; readonly kernel: number; readonly draw: number };
/* `draw` numbers the places that a new time stamp can take, from the oldest, 0; it is 0 where none is drawn. */

export type Message =
  | { readonly kind: RequestKind }
  /* `group`: with multicast, the users of the page that the sender knows of, itself among them; none = it uses it not. */
  | { readonly kind: "Copy"; readonly freshness: "fresh" | "stale"; readonly group?: readonly number[] }
  | { readonly kind: "CopyVoid"; readonly reason: VoidReason; readonly group?: readonly number[] }
  | { readonly kind: "Ack" | "Nack"; readonly writing: boolean };

/** What a step did that no state shows. */
export interface Outcome {
  /** An access was completed. */
  readonly completed: boolean;
  /** A write was committed; on a stale copy, an update is lost (P5). */
  readonly committed: "no" | "onFresh" | "onStale";
  /** A fetch ended with nothing but CopyVoids, and the rules do not repeat it (P6). */
  readonly fetchedNothing: boolean;
  /** A message came where the protocol has no answer (P7). */
  readonly unspecified: boolean;
  /** A request was begun with nobody to send it to (G3). */
  readonly askedNobody: boolean;
  /** A write to a page of a read-only region: a fault of the program, and nothing happens. */
  readonly refused: boolean;
}
