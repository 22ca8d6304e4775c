/** Which events can happen in an explored vector. */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { ExploredActions } from "./explored-actions.js";
import * as at from "./layout.js";
import type { LocalSteps } from "./local-steps.js";
import * as local from "./local-steps.js";
import type { StampOrder } from "./stamp-order.js";
import * as place from "./vector-layout.js";
import * as slot from "./vector-slots.js";

const PAGE = 0;

/** Constants of other modules are read anew at each use: those of the search's inner loops are this module's own. */
const { WRITTEN_SHIFT } = place;
const { ARRIVING_SHIFT, REQUEST_ARRIVES, ANSWER_ARRIVES } = slot;

/** What a kernel's state, pending access and content permit, as bits of `access`. */
const CAN_READ = 1 << 0;
const CAN_WRITE = 1 << 1;
const CAN_RETRY = 1 << 2;
/** A write drawn now, or the retry of what is pending, draws a stamp. */
const WRITE_DRAWS = 1 << 3;
const RETRY_DRAWS = 1 << 4;
const CAN_ACCESS = CAN_READ | CAN_WRITE | CAN_RETRY;
/** The bits of a kernel's word that decide this, and `written` above them. */
const ACCESS_BITS = place.DATA_SHIFT + 2;
const ACCESS_MASK = 2 ** ACCESS_BITS - 1;

export class EnabledActions {
  private readonly vector: Int32Array;
  private readonly kernels: number;
  private readonly actions: ExploredActions;
  private readonly steps: LocalSteps;
  private readonly order: StampOrder;
  private readonly access: Uint8Array;
  private readonly hasBudgets: boolean;
  private readonly readBudget: number;
  private readonly writeBudget: number;
  /** Where the words of spent budgets are in the vector. */
  private readonly budgetsAt: number;
  private readonly exitsByStep: boolean;

  constructor(configuration: Configuration, actions: ExploredActions, steps: LocalSteps, vector: Int32Array) {
    const { kernels, rules, exit, readBudget, writeBudget } = configuration;
    this.vector = vector;
    this.kernels = kernels;
    this.actions = actions;
    this.steps = steps;
    this.order = steps.order;
    this.access = Uint8Array.from({ length: 2 * 2 ** ACCESS_BITS }, (_, index) => accessOf(index, steps));
    this.hasBudgets = readBudget !== undefined || writeBudget !== undefined;
    this.readBudget = readBudget ?? Number.POSITIVE_INFINITY;
    this.writeBudget = writeBudget ?? Number.POSITIVE_INFINITY;
    this.budgetsAt = place.vectorWords(kernels, false, rules.multicast !== "off");
    this.exitsByStep = exit === "delayed";
  }

  canRead(kernel: number): boolean {
    if ((this.accessNow(kernel) & CAN_READ) === 0) return false;
    return !this.hasBudgets || place.readsSpent(this.vector[this.budgetsAt + kernel]!) < this.readBudget;
  }

  canWrite(kernel: number): boolean {
    if ((this.accessNow(kernel) & CAN_WRITE) === 0) return false;
    return !this.hasBudgets || place.writesSpent(this.vector[this.budgetsAt + kernel]!) < this.writeBudget;
  }

  /**
   * Adds the enabled actions of one kernel behind the first `before` of `into`, ascending.
   * @param around what the slots around the kernel say (`VectorSlots.around`); its sets with the group are `sets`
   * @returns how many there are now
   */
  list(kernel: number, around: number, sets: number, into: Uint32Array, before: number): number {
    const { actions, kernels } = this;
    const { redrawCount } = actions;
    const first = kernel * actions.perKernel;
    let count = (this.accessNow(kernel) & CAN_ACCESS) === 0 ? before : this.listAccesses(kernel, first, into, before);
    let next = first + 1 + 2 * actions.drawCount;
    // Without kept stamps, leaving WRead draws one.
    const isRedrawn = redrawCount > 1 && place.stateIn(this.vector, kernel) === at.W_READ;
    let arriving = around >>> ARRIVING_SHIFT;
    for (let sender = 0; sender < kernels; sender++, arriving >>>= 1) {
      if (sender === kernel) continue;
      if ((arriving & REQUEST_ARRIVES) !== 0) count = this.listRedraws(next, kernel, isRedrawn, into, count);
      next += redrawCount;
      if ((arriving & ANSWER_ARRIVES) !== 0) count = this.listRedraws(next, kernel, isRedrawn, into, count);
      next += redrawCount;
    }
    if (this.exitsByStep && this.canExit(kernel, sets, next))
      count = this.listRedraws(next, kernel, isRedrawn, into, count);
    return count;
  }

  private listAccesses(kernel: number, first: number, into: Uint32Array, before: number): number {
    const { drawCount } = this.actions;
    const access = this.accessNow(kernel);
    let count = before;
    if (this.canRead(kernel)) into[count++] = first;
    const write = first + 1;
    if (this.canWrite(kernel)) {
      if ((access & WRITE_DRAWS) === 0) into[count++] = write;
      else count = this.listDraws(write, drawCount, kernel, into, count);
    }
    const retry = write + drawCount;
    if ((access & CAN_RETRY) === 0) return count;
    if ((access & RETRY_DRAWS) !== 0) return this.listDraws(retry, drawCount, kernel, into, count);
    into[count++] = retry;
    return count;
  }

  private listRedraws(first: number, kernel: number, isRedrawn: boolean, into: Uint32Array, before: number): number {
    if (isRedrawn) return this.listDraws(first, this.actions.redrawCount, kernel, into, before);
    into[before] = first;
    return before + 1;
  }

  /** Adds an action once for each place that the stamp it draws can take. */
  private listDraws(first: number, draws: number, kernel: number, into: Uint32Array, before: number): number {
    let count = before;
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
  private canExit(kernel: number, sets: number, exit: number): boolean {
    if (!at.isWaiting(place.stateIn(this.vector, kernel))) return false;
    const { vector, steps } = this;
    const step = steps.step(local.keyWordIn(vector, kernel), sets, exit);
    return (steps.table.records[step + local.RESULT]! & local.CANNOT) === 0;
  }

  private accessNow(kernel: number): number {
    const written = this.vector[0]! >>> WRITTEN_SHIFT;
    return this.access[(this.vector[kernel]! & ACCESS_MASK) | (written << ACCESS_BITS)]!;
  }
}

/** @param index the lower bits of a word, and `written` above them */
function accessOf(index: number, steps: LocalSteps): number {
  const word = local.keyWord(index & ACCESS_MASK, index > ACCESS_MASK);
  const state = place.stateOf(word);
  const pending = place.pendingOf(word);
  const engine = steps.engine(0, word, 0);
  const draws = engine.wouldDraw(PAGE);
  const isIdle = pending === at.PENDING_NONE;
  const canRead = isIdle && (state === at.UNMAPPED || state === at.INVALID_COPY);
  const isHit = state === at.MODIFIED || (state === at.NOT_REPLICATED && local.versionOf(word) !== at.VERSION_INITIAL);
  const canWrite = isIdle && !isHit && !at.isWaiting(state);
  return (
    (canRead ? CAN_READ : 0) |
    (canWrite ? CAN_WRITE : 0) |
    (engine.canRetry(PAGE) ? CAN_RETRY : 0) |
    (draws ? WRITE_DRAWS : 0) |
    (draws && pending === at.PENDING_WRITE ? RETRY_DRAWS : 0)
  );
}
