/**
 * The kernels behind an explored vector: which events can happen at one of them, and what one changes in the vector.
 *
 * What an engine does with an event is `local-steps.ts`; here it is read out of and written into the words of the vector.
 * An event concerns one kernel: besides its own word and its messages only ranks change, and freshness where a write was
 * committed. Nothing is kept between two events, so the vector may be any each time.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { ANSWER, type ExploredActions, READ, REQUEST, WRITE } from "./explored-actions.js";
import * as at from "./layout.js";
import * as local from "./local-steps.js";
import { LocalSteps } from "./local-steps.js";
import * as mail from "./outbox.js";
import * as outcome from "./outcome.js";
import { StampOrder } from "./stamp-order.js";
import { VectorGroups } from "./vector-groups.js";
import * as place from "./vector-layout.js";
import * as slot from "./vector-slots.js";
import { VectorSlots } from "./vector-slots.js";

const PAGE = 0;
const RANK_BITS = place.THREE_BITS << place.RANK_SHIFT;
const DATA_BITS = place.PAIR_OF_BITS << place.DATA_SHIFT;
const WRITTEN_BIT = 1 << place.WRITTEN_SHIFT;

/** What a kernel's state, pending access and content permit, as bits of `access`. */
const CAN_READ = 1 << 0;
const CAN_WRITE = 1 << 1;
const CAN_RETRY = 1 << 2;
/** A write drawn now, or the retry of what is pending, draws a stamp. */
const WRITE_DRAWS = 1 << 3;
const RETRY_DRAWS = 1 << 4;
/** The bits of a kernel's word that decide this, and `written` above them. */
const ACCESS_BITS = place.DATA_SHIFT + 2;
const ACCESS_MASK = 2 ** ACCESS_BITS - 1;

export class ExploredEngines {
  readonly slots: VectorSlots;
  private readonly vector: Int32Array;
  private readonly kernels: number;
  private readonly actions: ExploredActions;
  private readonly steps: LocalSteps;
  private readonly order: StampOrder;
  private readonly access: Uint8Array;
  /** Room for stamps. */
  private readonly stamps: Int32Array;
  private readonly hasBudgets: boolean;
  private readonly readBudget: number;
  private readonly writeBudget: number;
  /** Where the words of spent budgets are in the vector. */
  private readonly budgetsAt: number;
  private readonly exitsByStep: boolean;
  /** Only with multicast. */
  private readonly groups: VectorGroups | undefined;

  constructor(configuration: Configuration, actions: ExploredActions, vector: Int32Array) {
    const { kernels, rules, exit, channels, readBudget, writeBudget } = configuration;
    this.vector = vector;
    this.kernels = kernels;
    this.actions = actions;
    this.slots = new VectorSlots(vector, kernels, channels === "fifo");
    this.order = new StampOrder(configuration);
    this.steps = new LocalSteps(configuration, actions, this.order);
    this.access = Uint8Array.from({ length: 2 * 2 ** ACCESS_BITS }, (_, index) => this.accessOf(index));
    this.stamps = new Int32Array(kernels);
    this.hasBudgets = readBudget !== undefined || writeBudget !== undefined;
    this.readBudget = readBudget ?? Number.POSITIVE_INFINITY;
    this.writeBudget = writeBudget ?? Number.POSITIVE_INFINITY;
    const hasGroups = rules.multicast !== "off";
    this.groups = hasGroups ? new VectorGroups(vector, kernels, place.groupsAt(kernels)) : undefined;
    this.budgetsAt = place.vectorWords(kernels, false, hasGroups);
    this.exitsByStep = exit === "delayed";
  }

  /** Writes the enabled actions of the vector, ascending, into `into`. @returns how many */
  list(into: Uint32Array): number {
    let count = 0;
    for (let kernel = 0; kernel < this.kernels; kernel++) count = this.listOf(kernel, into, count);
    return count;
  }

  canRead(kernel: number): boolean {
    if ((this.accessNow(kernel) & CAN_READ) === 0) return false;
    return !this.hasBudgets || place.readsSpent(this.vector[this.budgetsAt + kernel]!) < this.readBudget;
  }

  canWrite(kernel: number): boolean {
    if ((this.accessNow(kernel) & CAN_WRITE) === 0) return false;
    return !this.hasBudgets || place.writesSpent(this.vector[this.budgetsAt + kernel]!) < this.writeBudget;
  }

  /** Lets an enabled action happen. @returns outcome bits */
  perform(action: number): number {
    const { actions, vector, slots } = this;
    const kernel = actions.kernels[action]!;
    const word = this.keyWord(kernel);
    let sets = this.setsOf(kernel);
    let event = action;
    switch (actions.kinds[action]) {
      case READ:
        if (this.hasBudgets) vector[this.budgetsAt + kernel]! += place.READ_SPENT;
        break;
      case WRITE:
        if (this.hasBudgets) vector[this.budgetsAt + kernel]! += place.WRITE_SPENT;
        break;
      case REQUEST: {
        const sender = actions.senders[action]!;
        const code = slots.takeRequest(sender, kernel);
        event |= code << local.CODE_SHIFT;
        if (code === mail.INVALID) event |= this.compared(sender, kernel) << local.COMPARED_SHIFT;
        break;
      }
      case ANSWER: {
        const sender = actions.senders[action]!;
        event |= slots.takeAnswer(sender, kernel) << local.CODE_SHIFT;
        if (this.groups !== undefined) {
          sets |= this.groups.told(sender, kernel) << local.TOLD_SHIFT;
          this.groups.setTold(sender, kernel, 0);
        }
        break;
      }
      default:
    }
    return this.settle(kernel, sets, this.steps.step(word, sets, event));
  }

  /** Adds the enabled actions of one kernel, in the order of `ExploredActions`. */
  private listOf(kernel: number, into: Uint32Array, before: number): number {
    const { actions, slots, kernels } = this;
    const { drawCount, redrawCount } = actions;
    const access = this.accessNow(kernel);
    let count = before;
    let next = kernel * actions.perKernel;
    if ((access & CAN_READ) !== 0 && this.canRead(kernel)) into[count++] = next;
    next++;
    if ((access & CAN_WRITE) !== 0 && this.canWrite(kernel))
      count = this.listDraws(next, drawCount, kernel, (access & WRITE_DRAWS) !== 0, into, count);
    next += drawCount;
    if ((access & CAN_RETRY) !== 0)
      count = this.listDraws(next, drawCount, kernel, (access & RETRY_DRAWS) !== 0, into, count);
    next += drawCount;
    // Without kept stamps, leaving WRead draws one.
    const isRedrawn = redrawCount > 1 && place.stateIn(this.vector, kernel) === at.W_READ;
    for (let sender = 0; sender < kernels; sender++) {
      if (sender === kernel) continue;
      const arriving = slots.deliverable[slots.code(sender, kernel)]!;
      if ((arriving & slot.REQUEST_CAN_ARRIVE) !== 0)
        count = this.listDraws(next, redrawCount, kernel, isRedrawn, into, count);
      next += redrawCount;
      if ((arriving & slot.ANSWER_CAN_ARRIVE) !== 0)
        count = this.listDraws(next, redrawCount, kernel, isRedrawn, into, count);
      next += redrawCount;
    }
    if (this.exitsByStep && this.canExit(kernel, next))
      count = this.listDraws(next, redrawCount, kernel, isRedrawn, into, count);
    return count;
  }

  /** Adds an action once, or once for each place that the stamp it draws can take. */
  private listDraws(
    first: number,
    draws: number,
    kernel: number,
    isDrawn: boolean,
    into: Uint32Array,
    before: number,
  ): number {
    let count = before;
    if (!isDrawn) {
      into[count++] = first;
      return count;
    }
    const own = place.rankIn(this.vector, kernel);
    const newest = this.newestRank();
    for (let draw = 0; draw < draws; draw++) if (this.order.canDraw(draw, own, newest)) into[count++] = first + draw;
    return count;
  }

  private newestRank(): number {
    let newest = 0;
    for (let kernel = 0; kernel < this.kernels; kernel++) {
      const rank = place.rankIn(this.vector, kernel);
      if (rank > newest) newest = rank;
    }
    return newest;
  }

  /** @param exit the kernel's exit, at the first place */
  private canExit(kernel: number, exit: number): boolean {
    if (!at.isWaiting(place.stateIn(this.vector, kernel))) return false;
    const step = this.steps.step(this.keyWord(kernel), this.setsOf(kernel), exit);
    return (this.steps.table.records[step + local.RESULT]! & local.CANNOT) === 0;
  }

  private accessNow(kernel: number): number {
    const written = this.vector[0]! >>> place.WRITTEN_SHIFT;
    return this.access[(this.vector[kernel]! & ACCESS_MASK) | (written << ACCESS_BITS)]!;
  }

  /** @param index the lower bits of a word, and `written` above them */
  private accessOf(index: number): number {
    const word = local.keyWord(index & ACCESS_MASK, index > ACCESS_MASK);
    const state = place.stateOf(word);
    const pending = place.pendingOf(word);
    const engine = this.steps.engine(0, word, 0);
    const draws = engine.wouldDraw(PAGE);
    const isIdle = pending === at.PENDING_NONE;
    const canRead = isIdle && (state === at.UNMAPPED || state === at.INVALID_COPY);
    const isHit =
      state === at.MODIFIED || (state === at.NOT_REPLICATED && local.versionOf(word) !== at.VERSION_INITIAL);
    const canWrite = isIdle && !isHit && !at.isWaiting(state);
    return (
      (canRead ? CAN_READ : 0) |
      (canWrite ? CAN_WRITE : 0) |
      (engine.canRetry(PAGE) ? CAN_RETRY : 0) |
      (draws ? WRITE_DRAWS : 0) |
      (draws && pending === at.PENDING_WRITE ? RETRY_DRAWS : 0)
    );
  }

  /** How the sender's stamp compares with the receiver's. One that has none votes on nothing. */
  private compared(sender: number, receiver: number): number {
    const own = place.rankIn(this.vector, receiver);
    if (own === 0) return local.COMPARED_EQUAL;
    return Math.sign(place.rankIn(this.vector, sender) - own) + local.COMPARED_EQUAL;
  }

  private keyWord(kernel: number): number {
    return local.keyWord(this.vector[kernel]!, this.vector[0]! >>> place.WRITTEN_SHIFT !== 0);
  }

  private setsOf(kernel: number): number {
    const { groups } = this;
    let sets = this.slots.around(kernel);
    if (!at.isWaiting(place.stateIn(this.vector, kernel))) sets &= slot.HELD_SETS;
    return groups === undefined ? sets : sets | (groups.of(kernel) << local.GROUP_SHIFT);
  }

  /** Brings a step of `kernel` into the vector. */
  private settle(kernel: number, setsBefore: number, step: number): number {
    const { vector, groups } = this;
    const { records } = this.steps.table;
    const result = records[step + local.RESULT]!;
    const sets = records[step + local.SETS]!;
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) {
      if ((result & local.AGES_COPIES) !== 0) this.ageAll();
      vector[0]! |= WRITTEN_BIT;
    }
    const kept = kernel === 0 ? RANK_BITS | WRITTEN_BIT : RANK_BITS;
    vector[kernel] = records[step + local.WORD]! | (vector[kernel]! & kept);
    if (groups !== undefined) groups.set(kernel, (sets >>> local.GROUP_SHIFT) & place.SET_MASK);
    if ((result & local.STAMP_CHANGES) !== 0) this.renumber(kernel, result >>> local.STAMP_SHIFT);
    if ((result & local.HELD_CHANGES) !== 0) this.markHeld(kernel, setsBefore, sets);
    const messages = records[step + local.MESSAGES]!;
    const isRoom = messages === local.NO_MESSAGES || this.send(kernel, messages);
    return (result & local.OUTCOME_BITS) | (isRoom ? 0 : outcome.OUTCOME_UNSPECIFIED);
  }

  /** What was newest is so no longer. */
  private ageAll(): void {
    const { vector, kernels } = this;
    for (let kernel = 0; kernel < kernels; kernel++) {
      if (!place.isFreshIn(vector, kernel)) continue;
      vector[kernel] = (vector[kernel]! & ~DATA_BITS) | (place.DATA_STALE << place.DATA_SHIFT);
    }
    this.slots.ageCopies();
  }

  /** Ranks are dense again after `kernel` has drawn or dropped a stamp. */
  private renumber(kernel: number, stamp: number): void {
    const { vector, kernels, stamps, order } = this;
    for (let other = 0; other < kernels; other++) stamps[other] = order.stampOfRank(place.rankIn(vector, other));
    stamps[kernel] = stamp;
    for (let other = 0; other < kernels; other++)
      vector[other] = (vector[other]! & ~RANK_BITS) | (order.rank(stamps, other) << place.RANK_SHIFT);
  }

  private markHeld(kernel: number, before: number, after: number): void {
    const fetches = (after >>> slot.HELD_FETCHES_SHIFT) & place.SET_MASK;
    const fetchWrites = (after >>> slot.HELD_FETCH_WRITES_SHIFT) & place.SET_MASK;
    const held = (before >>> slot.HELD_FETCHES_SHIFT) | (before >>> slot.HELD_FETCH_WRITES_SHIFT);
    let concerned = (held & place.SET_MASK) | fetches | fetchWrites;
    for (let other = 0; concerned !== 0; concerned >>>= 1, other++) {
      if ((concerned & 1) === 0) continue;
      if (((fetches >>> other) & 1) !== 0) this.slots.setHeld(other, kernel, place.HELD_FETCH);
      else this.slots.setHeld(other, kernel, ((fetchWrites >>> other) & 1) !== 0 ? place.HELD_FETCH_WRITE : 0);
    }
  }

  /** Puts what the engine said into the slots. @returns false if one was busy */
  private send(from: number, first: number): boolean {
    const { slots, groups } = this;
    const { messages } = this.steps;
    let isRoom = true;
    for (let entry = first; messages[entry] !== 0; entry++) {
      const message = messages[entry]!;
      const isAnswer = (message & local.IS_ANSWER) !== 0;
      const code = message & local.MESSAGE_CODE;
      for (let to = message >>> local.RECEIVERS_SHIFT, kernel = 0; to !== 0; to >>>= 1, kernel++) {
        if ((to & 1) === 0) continue;
        const isSent = isAnswer ? slots.sendAnswer(from, kernel, code) : slots.sendRequest(from, kernel, code);
        isRoom = isSent && isRoom;
        if (groups !== undefined && isAnswer && isSent)
          groups.setTold(from, kernel, (message >>> local.MESSAGE_TOLD_SHIFT) & place.SET_MASK);
      }
    }
    return isRoom;
  }
}
