/**
 * Four slots at a time: what happens to a word of the explored vector that holds the bytes of four ordered pairs
 * (`vector-layout.ts`).
 *
 * A step is told by two words. `flips` are the bits that change where every slot that is sent to is free; `sent` marks those
 * slots, a request by SENT_REQUEST and an answer by SENT_ANSWER.
 */
import * as place from "./vector-layout.js";

export const SENT_REQUEST = place.THREE_BITS;
export const SENT_ANSWER = place.ANSWER_MASK << place.ANSWER_SHIFT;
/** Added to SENT_REQUEST on channels with an order: behind an answer that is in flight the request comes second. */
export const SENT_IN_ORDER = 1 << place.ANSWER_FIRST_SHIFT;

const EVERY_BYTE = 0x01010101;
const EVERY_ANSWER = EVERY_BYTE * SENT_ANSWER;
const EVERY_ORDER = EVERY_BYTE << place.ANSWER_FIRST_SHIFT;
const EVERY_FRESH_COPY = EVERY_BYTE * (place.COPY_FRESH << place.ANSWER_SHIFT);
/** From the bit of the order to the two bits in which a fresh Copy and a stale one differ. */
const ORDER_TO_FRESH = place.ANSWER_FIRST_SHIFT - place.ANSWER_SHIFT - 1;
const ORDER_TO_STALE = place.ANSWER_FIRST_SHIFT - place.ANSWER_SHIFT;
if (place.COPY_FRESH !== 2 || place.COPY_STALE !== 1) throw new Error("Copies are coded otherwise");

/** The word after a step. An order is kept only while an answer is in flight. */
export function afterStep(word: number, flips: number, sent: number): number {
  const behind = answersIn(word) & sent & ~flips & EVERY_ORDER;
  const after = word ^ flips ^ behind;
  return after & (answersIn(after) | ~EVERY_ORDER);
}

/** Whether a slot that a step sends to may be busy. A request that is held counts too. */
export function isCrowded(word: number, sent: number): boolean {
  return (word & sent & ~EVERY_ORDER) !== 0;
}

/** The word after a step that finds slots busy: what was in flight there stays, and what was sent is lost. */
export function afterCrowdedStep(word: number, flips: number, sent: number): number {
  let possible = flips;
  let taken = sent;
  for (let shift = 0; shift < place.WORD_BITS; shift += place.PAIR_BITS) {
    const crowded = (word & sent) >>> shift;
    const request = (word >>> shift) & place.THREE_BITS;
    if ((crowded & SENT_ANSWER) !== 0) possible &= ~(SENT_ANSWER << shift);
    if ((crowded & SENT_REQUEST) === 0) continue;
    if (isInFlight(request)) {
      possible &= ~((SENT_REQUEST | SENT_IN_ORDER) << shift);
      taken &= ~(SENT_IN_ORDER << shift);
    } else possible ^= request << shift;
  }
  return afterStep(word, possible, taken);
}

/** The word when what was newest is so no longer. */
export function aged(word: number): number {
  const fresh = ~ordersOf((word ^ EVERY_FRESH_COPY) & EVERY_ANSWER) & EVERY_ORDER;
  return word ^ (fresh >>> ORDER_TO_FRESH) ^ (fresh >>> ORDER_TO_STALE);
}

/** Whether the code of a request slot is a message under way: those that are held have arrived. */
export function isInFlight(request: number): boolean {
  return request !== 0 && request < place.HELD_FETCH;
}

/** The order's bit of each byte whose answer is not empty. */
function answersIn(word: number): number {
  return ordersOf(word & EVERY_ANSWER);
}

/** The order's bit of each byte that is not zero. @param answers bits of EVERY_ANSWER only */
function ordersOf(answers: number): number {
  return (answers + EVERY_ANSWER) & EVERY_ORDER;
}
