/** The port through which the code under test touches shared words, and the kinds of access that there are. */

/** The shape of the production port: the engine gives the code its own port of this shape. */
export interface Port {
  load(label: string, index: number): number;
  store(label: string, index: number, value: number): void;
  /** Answers the old value, as all operations below do. */
  exchange(label: string, index: number, value: number): number;
  compareExchange(label: string, index: number, expected: number, value: number): number;
  add(label: string, index: number, value: number): number;
  and(label: string, index: number, value: number): number;
  or(label: string, index: number, value: number): number;
}

export const ACCESS = {
  Load: 0,
  Store: 1,
  Exchange: 2,
  CompareExchange: 3,
  Add: 4,
  And: 5,
  Or: 6,
  /** The operation returns without touching shared words. It still takes a turn: when it happens can matter. */
  None: 7,
  /** The thread has no further operation. */
  Finished: 8,
  /** The operation threw an error; the thread goes no further. */
  Thrown: 9,
} as const;

export type AccessName =
  | "load"
  | "store"
  | "exchange"
  | "compareExchange"
  | "add"
  | "and"
  | "or"
  | "none"
  | "finished"
  | "thrown";

const NAMES: readonly AccessName[] = [
  "load",
  "store",
  "exchange",
  "compareExchange",
  "add",
  "and",
  "or",
  "none",
  "finished",
  "thrown",
];

/** The word for a kind of access. */
export function accessName(kind: number): AccessName {
  return NAMES[kind]!;
}

/** What a word holds after an access of `kind` that found `found` in it. */
export function valueAfter(kind: number, found: number, first: number, second: number): number {
  switch (kind) {
    case ACCESS.Store:
    case ACCESS.Exchange:
      return first;
    case ACCESS.CompareExchange:
      return found === first ? second : found;
    case ACCESS.Add:
      return (found + first) | 0;
    case ACCESS.And:
      return found & first;
    case ACCESS.Or:
      return found | first;
    default:
      return found;
  }
}

/** Whether an access that found `found` writes. A compare-exchange that fails does not. */
export function writes(kind: number, found: number, first: number): boolean {
  return kind === ACCESS.CompareExchange ? found === first : kind >= ACCESS.Store && kind <= ACCESS.Or;
}
