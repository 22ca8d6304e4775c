/**
 * What a step of one kernel changes in the explored vector, as bits to flip.
 *
 * A step touches the kernel's own word, the slots to and from it, its group and what answers tell. What stands there before
 * follows from what the step depends on, save the answers on the way to others: so the bits are the same wherever the step
 * is taken, and only the order of a request behind such an answer is found each time (`pair-word.ts`). Ranks, and the ageing
 * of Copies after a write, are for those who apply the bits.
 *
 *   flips = [ the kernel's own word | the words behind the kernels' ]        sent = [ the words of pairs ]
 *
 * They are worked out in a scratch vector, by the same slots and groups as a whole one has.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Outbox } from "./outbox.js";
import * as mail from "./outbox.js";
import { SENT_ANSWER, SENT_IN_ORDER, SENT_REQUEST } from "./pair-word.js";
import { VectorGroups } from "./vector-groups.js";
import * as place from "./vector-layout.js";
import * as slot from "./vector-slots.js";
import { VectorSlots } from "./vector-slots.js";

export class StepFlips {
  /** How many words of flips and of `sent` there are together. */
  readonly words: number;
  private readonly sentWords: number;
  private readonly kernels: number;
  private readonly requestSent: number;
  private readonly vector: Int32Array;
  private readonly before: Int32Array;
  private readonly marks: Int32Array;
  private readonly slots: VectorSlots;
  private readonly marking: VectorSlots;
  private readonly groups: VectorGroups | undefined;

  constructor({ kernels, channels, rules }: Configuration) {
    const hasGroups = rules.multicast !== "off";
    const words = place.vectorWords(kernels, false, hasGroups);
    const isFifo = channels === "fifo";
    this.kernels = kernels;
    this.sentWords = place.groupsAt(kernels) - kernels;
    this.words = 1 + words - kernels + this.sentWords;
    this.requestSent = isFifo ? SENT_REQUEST | SENT_IN_ORDER : SENT_REQUEST;
    this.vector = new Int32Array(words);
    this.before = new Int32Array(words);
    this.marks = new Int32Array(words);
    this.slots = new VectorSlots(this.vector, kernels, isFifo);
    this.marking = new VectorSlots(this.marks, kernels, isFifo);
    this.groups = hasGroups ? new VectorGroups(this.vector, kernels, place.groupsAt(kernels)) : undefined;
  }

  /** The situation of `kernel` before the step. */
  begin(kernel: number, word: number, sets: number, group: number): void {
    this.vector.fill(0);
    this.marks.fill(0);
    this.setOwn(kernel, word, sets, group);
    this.before.set(this.vector);
  }

  /** A request arrives. */
  takeRequest(from: number, to: number, code: number): void {
    this.slots.sendRequest(from, to, code);
    this.before.set(this.vector);
    this.slots.takeRequest(from, to);
  }

  /** An answer arrives. @param told the group that it tells of */
  takeAnswer(from: number, to: number, code: number, told: number): void {
    this.slots.sendAnswer(from, to, code);
    this.groups?.setTold(from, to, told);
    this.before.set(this.vector);
    this.slots.takeAnswer(from, to);
    this.groups?.setTold(from, to, 0);
  }

  /** The kernel's situation after the step. */
  setOwn(kernel: number, word: number, sets: number, group: number): void {
    this.vector[kernel] = word;
    this.groups?.set(kernel, group);
    for (let other = 0; other < this.kernels; other++)
      if (other !== kernel) this.slots.setHeld(other, kernel, heldOf(sets, other));
  }

  /** What the kernel said, in its order. @param latest the newest version there is */
  send(kernel: number, outbox: Outbox, latest: number): void {
    for (let entry = 0; entry < outbox.count; entry++) {
      const kind = outbox.kind(entry);
      const code = place.answerCode(kind, outbox.detail(entry), latest);
      for (let to = outbox.to(entry), other = 0; to !== 0; to >>>= 1, other++) {
        if ((to & 1) === 0) continue;
        if (kind >= mail.COPY) this.sendAnswer(kernel, other, code, outbox.group(entry));
        else this.sendRequest(kernel, other, kind);
      }
    }
  }

  /** Writes flips and `sent` into `records`, from `at` on. */
  write(kernel: number, records: Int32Array, at: number): void {
    const { vector, before, marks, kernels, sentWords } = this;
    let next = at;
    records[next++] = vector[kernel]! ^ before[kernel]!;
    for (let word = kernels; word < vector.length; word++) records[next++] = vector[word]! ^ before[word]!;
    for (let word = 0; word < sentWords; word++) records[next++] = marks[kernels + word]!;
  }

  private sendRequest(from: number, to: number, code: number): void {
    this.slots.sendRequest(from, to, code);
    this.marking.mark(from, to, this.requestSent);
  }

  private sendAnswer(from: number, to: number, code: number, told: number): void {
    if (this.slots.sendAnswer(from, to, code)) this.groups?.setTold(from, to, told);
    this.marking.mark(from, to, SENT_ANSWER);
  }
}

/** The code of the slot of a request that a kernel holds. */
function heldOf(sets: number, other: number): number {
  if (((sets >>> (slot.HELD_FETCHES_SHIFT + other)) & 1) !== 0) return place.HELD_FETCH;
  return ((sets >>> (slot.HELD_FETCH_WRITES_SHIFT + other)) & 1) !== 0 ? place.HELD_FETCH_WRITE : 0;
}
