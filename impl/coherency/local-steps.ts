/**
 * What events do at one kernel's engine, remembered in the terms of the explored vector.
 *
 * An engine is a function of its own words and the event: nothing else is in its reach. Situations of one kernel are far
 * fewer than states: with three kernels, FIFO channels and atomic exit (`lean`) 2.8 million transitions are 10,587 different
 * steps of an engine. So the production engine takes each of them once, in words made for it, and what it did is done
 * again wherever the situation comes again. (Local transition caching; see Blom, van de Pol and Weber, LTSmin, CAV 2010.)
 *
 *   key    = [ the kernel's word without its rank, `written` in every kernel | sets, see below | the event ]
 *   record = [ key | RESULT | FLIPS …: see `step-flips.ts` ]
 *
 *    29  25 24   20 19         15 14     10 9       5
 *   ┌──────┬───────┬─────────────┬─────────┬──────────┐
 *   │ told │ group │ held writes │ fetches │ answered │   sets: those of `vector-slots.ts`, then the kernel's group and
 *   └──────┴───────┴─────────────┴─────────┴──────────┘   what the message tells of it
 *
 * The engines' words mean the vector: the newest version is 1 before the first write and 2 after it, stale is 1. Of time
 * stamps an engine only asks which is older, so its own is always OWN_STAMP, and an Invalid's lies below, at or above it.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { OUTCOME_LOST_UPDATE } from "./cluster.js";
import { CoherencyEngine, engineWords } from "./engine.js";
import { ANSWER, EXIT, type ExploredActions, READ, REQUEST, RETRY, WRITE } from "./explored-actions.js";
import { packKernel, unpackKernel, versionOf as versionOfData } from "./kernel-word.js";
import * as at from "./layout.js";
import * as mail from "./outbox.js";
import { OUTBOX_WORDS, Outbox } from "./outbox.js";
import * as outcome from "./outcome.js";
import { StampOrder } from "./stamp-order.js";
import { StepFlips } from "./step-flips.js";
import { NOT_FOUND, RECORD_REST, StepTable } from "./step-table.js";
import * as place from "./vector-layout.js";
import * as around from "./vector-slots.js";

/** Outcome bits, the bits below, and from STAMP_SHIFT on, where STAMP_CHANGES, the stamp afterwards, 0 = none that counts. */
export const RESULT = RECORD_REST;
/** What changes in the vector. */
export const FLIPS = RECORD_REST + 1;

export const OUTCOME_BITS = 0x3ff;
/** A write was committed on the newest content: every other copy of it is now stale. */
export const AGES_COPIES = 1 << 10;
export const STAMP_CHANGES = 1 << 11;
/** With one of these the words of other kernels change too. */
export const CONCERNS_OTHERS = AGES_COPIES | STAMP_CHANGES | outcome.OUTCOME_COMMITTED;
/** An exit that the engine does not permit; nothing was done. */
export const CANNOT = 1 << 12;
export const STAMP_SHIFT = 16;

export const GROUP_SHIFT = around.SETS_BITS;
export const TOLD_SHIFT = GROUP_SHIFT + place.SET_BITS;

/** An event is an action with what stands in the slot that it takes a message from, and how an Invalid's stamp compares. */
export const CODE_SHIFT = 20;
export const COMPARED_SHIFT = 24;
export const COMPARED_MASK = 3;
/** Added to how ranks compare: -1 = the sender's is older, 0 = equal, 1 = younger. */
export const COMPARED_EQUAL = 1;
const ACTION_MASK = 2 ** CODE_SHIFT - 1;

/** The kernel's own stamp, beyond all that are drawn. */
const OWN_STAMP = 2 ** 10;
const PAGE = 0;
const PAGES = 1;

export class LocalSteps {
  readonly table: StepTable;
  readonly order: StampOrder;
  private readonly flips: StepFlips;
  private readonly actions: ExploredActions;
  private readonly outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  /** One engine a kernel; all work in the same words, one after the other. */
  private readonly words = new Int32Array(engineWords(PAGES));
  private readonly engines: readonly CoherencyEngine[];

  constructor(configuration: Configuration, actions: ExploredActions) {
    const { kernels, rules, exit } = configuration;
    this.flips = new StepFlips(configuration);
    this.table = new StepTable(FLIPS - RECORD_REST + this.flips.words);
    this.actions = actions;
    this.order = new StampOrder(configuration);
    this.engines = Array.from(
      { length: kernels },
      (_, kernel) => new CoherencyEngine(this.words, this.outbox, { kernel, kernels, rules, exit }),
    );
  }

  /** @returns where the record of the step begins in `table.records` */
  step(word: number, sets: number, event: number): number {
    const known = this.table.find(word, sets, event);
    return known === NOT_FOUND ? this.learn(word, sets, event) : known;
  }

  /** The engine of `kernel` with the words that mean `word` and `sets`: for questions that change nothing. */
  engine(kernel: number, word: number, sets: number): CoherencyEngine {
    const { words } = this;
    unpackKernel(word, latestOf(word), words, 0);
    words[at.STAMP] = OWN_STAMP;
    words[at.ANSWERED] = sets & place.SET_MASK;
    words[at.HELD_FETCHES] = (sets >>> around.HELD_FETCHES_SHIFT) & place.SET_MASK;
    words[at.HELD_FETCH_WRITES] = (sets >>> around.HELD_FETCH_WRITES_SHIFT) & place.SET_MASK;
    words[at.GROUP] = groupOf(sets);
    return this.engines[kernel]!;
  }

  /** Lets the production engine take the step. */
  private learn(word: number, sets: number, event: number): number {
    const { words, table, order, flips } = this;
    const action = event & ACTION_MASK;
    const kernel = this.actions.kernels[action]!;
    const engine = this.engine(kernel, word, sets);
    const counted = order.counted(words[at.STATE]!, OWN_STAMP);
    const record = table.add(word, sets, event);
    const { records } = table;
    if (this.actions.kinds[action] === EXIT && !engine.canExit(PAGE)) {
      records[record + RESULT] = CANNOT;
      return record;
    }
    let latest = latestOf(word);
    let result = this.happen(engine, action, event, sets >>> TOLD_SHIFT, latest);
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) {
      const version = words[at.VERSION]!;
      result |= version === latest + 1 ? AGES_COPIES : OUTCOME_LOST_UPDATE;
      latest = Math.max(latest, version);
    }
    const stampAfter = order.counted(words[at.STATE]!, words[at.STAMP]!);
    const isKept = stampAfter === OWN_STAMP || stampAfter === counted;
    if (!isKept) result |= STAMP_CHANGES | (stampAfter << STAMP_SHIFT);
    records[record + RESULT] = result;
    flips.begin(kernel, word & OWN_BITS, sets, groupOf(sets));
    this.take(action, event, sets >>> TOLD_SHIFT, (result & AGES_COPIES) !== 0);
    flips.setOwn(kernel, packKernel(words, 0, 0, latest), this.held(), words[at.GROUP]!);
    flips.send(kernel, this.outbox, latest);
    flips.write(kernel, records, record + FLIPS);
    this.outbox.clear();
    return record;
  }

  /** Takes the message of an event out of its slot. Where Copies age, the one that arrives has aged before that. */
  private take(action: number, event: number, told: number, ages: boolean): void {
    const { flips, actions } = this;
    const sender = actions.senders[action]!;
    const kernel = actions.kernels[action]!;
    const code = codeOf(event);
    if (actions.kinds[action] === REQUEST) flips.takeRequest(sender, kernel, code);
    if (actions.kinds[action] === ANSWER)
      flips.takeAnswer(sender, kernel, ages && code === place.COPY_FRESH ? place.COPY_STALE : code, told);
  }

  private held(): number {
    const { words } = this;
    const fetches = words[at.HELD_FETCHES]! << around.HELD_FETCHES_SHIFT;
    return fetches | (words[at.HELD_FETCH_WRITES]! << around.HELD_FETCH_WRITES_SHIFT);
  }

  private happen(engine: CoherencyEngine, action: number, event: number, told: number, latest: number): number {
    const { kinds, draws, senders } = this.actions;
    const now = this.order.stampOfDraw(draws[action]!);
    const code = codeOf(event);
    switch (kinds[action]) {
      case READ:
        return engine.read(PAGE, now);
      case WRITE:
        return engine.write(PAGE, now);
      case RETRY:
        return engine.retry(PAGE, now);
      case REQUEST: {
        const stamp = OWN_STAMP + ((event >>> COMPARED_SHIFT) & COMPARED_MASK) - COMPARED_EQUAL;
        return engine.receive(PAGE, senders[action]!, code, stamp, now);
      }
      case ANSWER: {
        const kind = place.answerKind(code);
        const version = code === place.COPY_FRESH ? latest : place.VERSION_STALE;
        const detail = kind === mail.COPY ? version : place.answerDetail(code);
        return engine.receive(PAGE, senders[action]!, kind, detail, now, told);
      }
      default:
        return engine.exit(PAGE, now);
    }
  }
}

/** A word without the rank, and without what only the first kernel's tells. */
const WRITTEN_BIT = 1 << place.WRITTEN_SHIFT;
const OWN_BITS = ~((place.THREE_BITS << place.RANK_SHIFT) | WRITTEN_BIT);

function groupOf(sets: number): number {
  return (sets >>> GROUP_SHIFT) & place.SET_MASK;
}

function codeOf(event: number): number {
  return (event >>> CODE_SHIFT) & place.ANSWER_MASK;
}

/** The word of a kernel as keys have it. */
export function keyWord(word: number, isWritten: boolean): number {
  return (word & OWN_BITS) | (isWritten ? WRITTEN_BIT : 0);
}

export function keyWordIn(vector: Int32Array, kernel: number): number {
  return (vector[kernel]! & OWN_BITS) | (vector[0]! & WRITTEN_BIT);
}

/** The version that such a word tells of. */
export function versionOf(word: number): number {
  return versionOfData((word >>> place.DATA_SHIFT) & place.PAIR_OF_BITS, latestOf(word));
}

/** The newest version in a world whose kernels have such words. */
function latestOf(word: number): number {
  return word >>> place.WRITTEN_SHIFT !== 0 ? place.VERSION_WRITTEN : at.VERSION_INITIAL;
}
