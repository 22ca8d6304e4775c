/**
 * The production engines behind an explored vector: an event at one of them, and what it changes in the vector.
 *
 * The engines' words are those that mean the vector: the newest version is 1 before the first write and 2 after it, stale
 * is 1, rank r has stamp 2 r. An event leaves one engine's words changed; before the next one they are put back from a copy.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { OUTCOME_LOST_UPDATE } from "./cluster.js";
import { CoherencyEngine, engineWords } from "./engine.js";
import { packKernel, unpackKernel } from "./kernel-word.js";
import * as at from "./layout.js";
import * as mail from "./outbox.js";
import { OUTBOX_WORDS, Outbox } from "./outbox.js";
import * as outcome from "./outcome.js";
import { StampOrder } from "./stamp-order.js";
import { VectorGroups } from "./vector-groups.js";
import * as place from "./vector-layout.js";
import { VectorSlots } from "./vector-slots.js";

/** The page that the kernels share. */
const PAGE = 0;
const PAGES = 1;
const RANK_BITS = place.THREE_BITS << place.RANK_SHIFT;
const DATA_BITS = place.PAIR_OF_BITS << place.DATA_SHIFT;
const WRITTEN_BIT = 1 << place.WRITTEN_SHIFT;
const NOBODY = -1;

export class ExploredEngines {
  readonly slots: VectorSlots;
  private readonly configuration: Configuration;
  private readonly vector: Int32Array;
  private readonly kernels: number;
  private readonly engines: readonly CoherencyEngine[];
  private readonly outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  /** The words of all engines, and as they were when the state was entered. */
  private readonly live: Int32Array;
  private readonly base: Int32Array;
  /** The kernel whose words an event has changed, or NOBODY. */
  private changed = NOBODY;
  private readonly order: StampOrder;
  /** The stamps that count in the state, and room for those after an event. */
  private readonly stamps: Int32Array;
  private readonly stampsAfter: Int32Array;
  private newestRank = 0;
  private latest = at.VERSION_INITIAL;
  private readonly hasBudgets: boolean;
  /** Where the words of spent budgets are in the vector. */
  private readonly budgetsAt: number;
  private readonly exitsByStep: boolean;
  /** Only with multicast. */
  private readonly groups: VectorGroups | undefined;

  constructor(configuration: Configuration, vector: Int32Array) {
    const { kernels, rules, exit, channels, readBudget, writeBudget } = configuration;
    const perEngine = engineWords(PAGES);
    this.configuration = configuration;
    this.vector = vector;
    this.kernels = kernels;
    this.live = new Int32Array(kernels * perEngine);
    this.base = new Int32Array(kernels * perEngine);
    this.engines = Array.from({ length: kernels }, (_, kernel) => {
      const words = this.live.subarray(kernel * perEngine, (kernel + 1) * perEngine);
      return new CoherencyEngine(words, this.outbox, { kernel, kernels, rules, exit });
    });
    this.slots = new VectorSlots(vector, kernels, channels === "fifo");
    this.order = new StampOrder(configuration);
    this.stamps = new Int32Array(kernels);
    this.stampsAfter = new Int32Array(kernels);
    this.hasBudgets = readBudget !== undefined || writeBudget !== undefined;
    const hasGroups = rules.multicast !== "off";
    this.groups = hasGroups ? new VectorGroups(vector, kernels, place.groupsAt(kernels)) : undefined;
    this.budgetsAt = place.vectorWords(kernels, false, hasGroups);
    this.exitsByStep = exit === "delayed";
  }

  /** Makes the engines' words from the vector. */
  enter(): void {
    const { vector, kernels, live, base, order, stamps } = this;
    this.latest = vector[0]! >>> place.WRITTEN_SHIFT !== 0 ? place.VERSION_WRITTEN : at.VERSION_INITIAL;
    this.changed = NOBODY;
    this.newestRank = 0;
    for (let kernel = 0; kernel < kernels; kernel++) {
      const copy = kernel * at.COPY_WORDS;
      const rank = place.rankIn(vector, kernel);
      unpackKernel(vector[kernel]!, this.latest, live, copy);
      stamps[kernel] = order.stampOfRank(rank);
      live[copy + at.STAMP] = stamps[kernel]!;
      if (rank > this.newestRank) this.newestRank = rank;
      if (this.groups !== undefined) live[copy + at.GROUP] = this.groups.of(kernel);
      this.deriveSets(kernel, copy);
    }
    for (let word = 0; word < base.length; word++) base[word] = live[word]!;
  }

  canRead(kernel: number): boolean {
    const copy = kernel * at.COPY_WORDS;
    const state = this.base[copy + at.STATE];
    if (this.base[copy + at.PENDING] !== at.PENDING_NONE) return false;
    if (state !== at.UNMAPPED && state !== at.INVALID_COPY) return false;
    const { readBudget } = this.configuration;
    return readBudget === undefined || place.readsSpent(this.vector[this.budgetsAt + kernel]!) < readBudget;
  }

  canWrite(kernel: number): boolean {
    const copy = kernel * at.COPY_WORDS;
    const state = this.base[copy + at.STATE]!;
    if (this.base[copy + at.PENDING] !== at.PENDING_NONE) return false;
    const isHit = state === at.NOT_REPLICATED && this.base[copy + at.VERSION] !== at.VERSION_INITIAL;
    if (isHit || state === at.MODIFIED || at.isWaiting(state)) return false;
    const { writeBudget } = this.configuration;
    return writeBudget === undefined || place.writesSpent(this.vector[this.budgetsAt + kernel]!) < writeBudget;
  }

  canRetry(kernel: number): boolean {
    return this.engines[kernel]!.canRetry(PAGE);
  }

  canExit(kernel: number): boolean {
    return this.exitsByStep && this.engines[kernel]!.canExit(PAGE);
  }

  /** Whether taking up `isWrite` access now draws a stamp. */
  drawsStamp(kernel: number, isWrite: boolean): boolean {
    return isWrite && this.engines[kernel]!.wouldDraw(PAGE);
  }

  hasPendingWrite(kernel: number): boolean {
    return this.base[kernel * at.COPY_WORDS + at.PENDING] === at.PENDING_WRITE;
  }

  /** Without kept stamps, leaving WRead draws one: whether an event may make `kernel` do so. */
  mayDrawAnew(kernel: number): boolean {
    return this.base[kernel * at.COPY_WORDS + at.STATE] === at.W_READ;
  }

  /** Whether a new stamp of `kernel` can take place `draw`. */
  canDraw(kernel: number, draw: number): boolean {
    return this.order.canDraw(draw, place.rankIn(this.vector, kernel), this.newestRank);
  }

  read(kernel: number): number {
    this.restore(kernel);
    if (this.hasBudgets) this.vector[this.budgetsAt + kernel]! += place.READ_SPENT;
    return this.settle(kernel, this.engines[kernel]!.read(PAGE, 0));
  }

  write(kernel: number, draw: number): number {
    this.restore(kernel);
    if (this.hasBudgets) this.vector[this.budgetsAt + kernel]! += place.WRITE_SPENT;
    return this.settle(kernel, this.engines[kernel]!.write(PAGE, this.order.stampOfDraw(draw)));
  }

  retry(kernel: number, draw: number): number {
    this.restore(kernel);
    return this.settle(kernel, this.engines[kernel]!.retry(PAGE, this.order.stampOfDraw(draw)));
  }

  exit(kernel: number, draw: number): number {
    this.restore(kernel);
    return this.settle(kernel, this.engines[kernel]!.exit(PAGE, this.order.stampOfDraw(draw)));
  }

  deliverRequest(from: number, to: number, draw: number): number {
    this.restore(to);
    const kind = this.slots.takeRequest(from, to);
    const detail = kind === mail.INVALID ? this.stamps[from]! : 0;
    return this.settle(to, this.engines[to]!.receive(PAGE, from, kind, detail, this.order.stampOfDraw(draw)));
  }

  deliverAnswer(from: number, to: number, draw: number): number {
    this.restore(to);
    const code = this.slots.takeAnswer(from, to);
    const kind = place.answerKind(code);
    const detail = kind === mail.COPY ? this.versionOfCopy(code) : place.answerDetail(code);
    const group = this.groups === undefined ? 0 : this.groups.told(from, to);
    this.groups?.setTold(from, to, 0);
    return this.settle(to, this.engines[to]!.receive(PAGE, from, kind, detail, this.order.stampOfDraw(draw), group));
  }

  private versionOfCopy(code: number): number {
    return code === place.COPY_FRESH ? this.latest : place.VERSION_STALE;
  }

  /** Fills in whose requests are held, and who has answered: everybody from whom nothing is outstanding. */
  private deriveSets(kernel: number, copy: number): void {
    const { live, slots, kernels } = this;
    const isWaiting = at.isWaiting(live[copy + at.STATE]!);
    let fetches = 0;
    let fetchWrites = 0;
    let answered = 0;
    for (let other = 0; other < kernels; other++) {
      if (other === kernel) continue;
      const incoming = slots.code(other, kernel);
      const request = incoming & place.THREE_BITS;
      if (request === place.HELD_FETCH) fetches |= 1 << other;
      else if (request === place.HELD_FETCH_WRITE) fetchWrites |= 1 << other;
      if (!isWaiting || (slots.code(kernel, other) & place.THREE_BITS) !== 0) continue;
      if (((incoming >>> place.ANSWER_SHIFT) & place.ANSWER_MASK) === 0) answered |= 1 << other;
    }
    live[copy + at.ANSWERED] = answered;
    live[copy + at.HELD_FETCHES] = fetches;
    live[copy + at.HELD_FETCH_WRITES] = fetchWrites;
  }

  /** Makes all engines' words again those of the state that was entered; the next event is `kernel`'s. */
  private restore(kernel: number): void {
    const { live, base, changed } = this;
    if (changed !== NOBODY) {
      const copy = changed * at.COPY_WORDS;
      for (let word = copy; word < copy + at.COPY_WORDS; word++) live[word] = base[word]!;
    }
    this.changed = kernel;
  }

  /** Brings an event of `kernel` into the vector. */
  private settle(kernel: number, result: number): number {
    const { vector, live, base, order, stamps } = this;
    const copy = kernel * at.COPY_WORDS;
    let all = result;
    let latest = this.latest;
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) {
      const version = live[copy + at.VERSION]!;
      if (version === latest + 1) this.ageAll();
      else all |= OUTCOME_LOST_UPDATE;
      if (version > latest) latest = version;
      vector[0]! |= WRITTEN_BIT;
    }
    const rank = vector[kernel]! & RANK_BITS;
    const written = kernel === 0 ? vector[0]! & WRITTEN_BIT : 0;
    vector[kernel] = packKernel(live, copy, 0, latest) | rank | written;
    this.groups?.set(kernel, live[copy + at.GROUP]!);
    const stamp = order.counted(live[copy + at.STATE]!, live[copy + at.STAMP]!);
    if (stamp !== stamps[kernel]) this.renumber(kernel, stamp);
    if (
      live[copy + at.HELD_FETCHES] !== base[copy + at.HELD_FETCHES] ||
      live[copy + at.HELD_FETCH_WRITES] !== base[copy + at.HELD_FETCH_WRITES]
    )
      this.markHeld(kernel, copy);
    if (this.outbox.count > 0 && !this.send(kernel, latest)) all |= outcome.OUTCOME_UNSPECIFIED;
    return all;
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
    const { vector, kernels, stamps, stampsAfter, order } = this;
    for (let other = 0; other < kernels; other++) stampsAfter[other] = stamps[other]!;
    stampsAfter[kernel] = stamp;
    for (let other = 0; other < kernels; other++)
      vector[other] = (vector[other]! & ~RANK_BITS) | (order.rank(stampsAfter, other) << place.RANK_SHIFT);
  }

  private markHeld(kernel: number, copy: number): void {
    const { live, base, slots } = this;
    const fetches = live[copy + at.HELD_FETCHES]!;
    const fetchWrites = live[copy + at.HELD_FETCH_WRITES]!;
    const before = base[copy + at.HELD_FETCHES]! | base[copy + at.HELD_FETCH_WRITES]!;
    for (let concerned = before | fetches | fetchWrites, other = 0; concerned !== 0; concerned >>>= 1, other++) {
      if ((concerned & 1) === 0) continue;
      if (((fetches >>> other) & 1) !== 0) slots.setHeld(other, kernel, place.HELD_FETCH);
      else slots.setHeld(other, kernel, ((fetchWrites >>> other) & 1) !== 0 ? place.HELD_FETCH_WRITE : 0);
    }
  }

  /** Puts what the engine said into the slots. @returns false if one was busy */
  private send(from: number, latest: number): boolean {
    const { outbox, slots } = this;
    let isRoom = true;
    for (let entry = 0; entry < outbox.count; entry++) {
      const kind = outbox.kind(entry);
      const isAnswer = kind >= mail.COPY;
      const code = isAnswer ? place.answerCode(kind, outbox.detail(entry), latest) : kind;
      for (let to = outbox.to(entry), kernel = 0; to !== 0; to >>>= 1, kernel++) {
        if ((to & 1) === 0) continue;
        const isSent = isAnswer ? slots.sendAnswer(from, kernel, code) : slots.sendRequest(from, kernel, code);
        isRoom = isSent && isRoom;
        if (isAnswer && isSent) this.groups?.setTold(from, kernel, outbox.group(entry));
      }
    }
    outbox.clear();
    return isRoom;
  }
}
