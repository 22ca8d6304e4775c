/**
 * What events do at one kernel's engine, remembered in the terms of the explored vector.
 *
 * An engine is a function of its own words and the event: nothing else is in its reach. Situations of one kernel are far
 * fewer than states: with three kernels, FIFO channels and atomic exit (`lean`) 2.8 million transitions are 10,587 different
 * steps of an engine. So the production engine takes each of them once, in words made for it, and what it did is done
 * again wherever the situation comes again. (Local transition caching; see Blom, van de Pol and Weber, LTSmin, CAV 2010.)
 *
 *   key    = [ the kernel's word without its rank, `written` in every kernel | sets, see below | the event ]
 *   record = [ key | WORD | RESULT | SETS | MESSAGES ]
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
import type { StampOrder } from "./stamp-order.js";
import { NOT_FOUND, RECORD_REST, StepTable } from "./step-table.js";
import * as place from "./vector-layout.js";
import * as around from "./vector-slots.js";

/** The kernel's word afterwards, without its rank and without `written`. */
export const WORD = RECORD_REST;
/** Outcome bits, the bits below, and from STAMP_SHIFT on, where STAMP_CHANGES, the stamp afterwards, 0 = none that counts. */
export const RESULT = RECORD_REST + 1;
/** The sets of held requests and the group afterwards. */
export const SETS = RECORD_REST + 2;
/** Where its messages begin in `messages`; a zero ends them. */
export const MESSAGES = RECORD_REST + 3;
export const NO_MESSAGES = 0;

export const OUTCOME_BITS = 0x3ff;
/** A write was committed on the newest content: every other copy of it is now stale. */
export const AGES_COPIES = 1 << 10;
export const HELD_CHANGES = 1 << 11;
export const STAMP_CHANGES = 1 << 12;
/** An exit that the engine does not permit; nothing was done. */
export const CANNOT = 1 << 13;
export const STAMP_SHIFT = 16;

export const GROUP_SHIFT = around.SETS_BITS;
export const TOLD_SHIFT = GROUP_SHIFT + place.SET_BITS;

/** A message is its slot's code, IS_ANSWER, from MESSAGE_TOLD_SHIFT on the group it tells, then the set of its receivers. */
export const IS_ANSWER = 1 << 8;
export const MESSAGE_CODE = IS_ANSWER - 1;
export const MESSAGE_TOLD_SHIFT = 9;
export const RECEIVERS_SHIFT = MESSAGE_TOLD_SHIFT + place.SET_BITS;

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
/** Few, as in `step-table.ts`; an event says up to OUTBOX_ENTRIES_MAX things at a time. */
const MESSAGES_AT_FIRST = 2 ** 4;

export class LocalSteps {
  readonly table = new StepTable();
  messages = new Int32Array(MESSAGES_AT_FIRST);
  private messagesEnd = NO_MESSAGES + 1;
  private readonly actions: ExploredActions;
  private readonly order: StampOrder;
  private readonly outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  /** One engine a kernel; all work in the same words, one after the other. */
  private readonly words = new Int32Array(engineWords(PAGES));
  private readonly engines: readonly CoherencyEngine[];

  constructor({ kernels, rules, exit }: Configuration, actions: ExploredActions, order: StampOrder) {
    this.actions = actions;
    this.order = order;
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
    words[at.GROUP] = (sets >>> GROUP_SHIFT) & place.SET_MASK;
    return this.engines[kernel]!;
  }

  /** Lets the production engine take the step. */
  private learn(word: number, sets: number, event: number): number {
    const { words, table, order, outbox } = this;
    const action = event & ACTION_MASK;
    const engine = this.engine(this.actions.kernels[action]!, word, sets);
    const counted = order.counted(words[at.STATE]!, OWN_STAMP);
    const record = table.add(word, sets, event);
    const { records } = table;
    if (this.actions.kinds[action] === EXIT && !engine.canExit(PAGE)) {
      records[record + RESULT] = CANNOT;
      return record;
    }
    let result = this.happen(engine, action, event, sets >>> TOLD_SHIFT, latestOf(word));
    let latest = latestOf(word);
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) {
      const version = words[at.VERSION]!;
      result |= version === latest + 1 ? AGES_COPIES : OUTCOME_LOST_UPDATE;
      latest = Math.max(latest, version);
    }
    const held =
      (words[at.HELD_FETCHES]! << around.HELD_FETCHES_SHIFT) |
      (words[at.HELD_FETCH_WRITES]! << around.HELD_FETCH_WRITES_SHIFT);
    if (held !== (sets & around.HELD_SETS)) result |= HELD_CHANGES;
    const stampAfter = order.counted(words[at.STATE]!, words[at.STAMP]!);
    const isKept = stampAfter === OWN_STAMP || stampAfter === counted;
    if (!isKept) result |= STAMP_CHANGES | (stampAfter << STAMP_SHIFT);
    records[record + WORD] = packKernel(words, 0, 0, latest);
    records[record + RESULT] = result;
    records[record + SETS] = held | (words[at.GROUP]! << GROUP_SHIFT);
    records[record + MESSAGES] = this.keepMessages(latest);
    outbox.clear();
    return record;
  }

  private happen(engine: CoherencyEngine, action: number, event: number, told: number, latest: number): number {
    const { kinds, draws, senders } = this.actions;
    const now = this.order.stampOfDraw(draws[action]!);
    const code = (event >>> CODE_SHIFT) & place.ANSWER_MASK;
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

  /** Puts what the engine said behind the other messages. @returns where it begins */
  private keepMessages(latest: number): number {
    const { outbox } = this;
    if (outbox.count === 0) return NO_MESSAGES;
    if (this.messagesEnd + outbox.count + 1 > this.messages.length) {
      const larger = new Int32Array(2 * this.messages.length);
      larger.set(this.messages);
      this.messages = larger;
    }
    const start = this.messagesEnd;
    for (let entry = 0; entry < outbox.count; entry++) {
      const kind = outbox.kind(entry);
      const isAnswer = kind >= mail.COPY;
      const code = isAnswer ? place.answerCode(kind, outbox.detail(entry), latest) | IS_ANSWER : kind;
      this.messages[this.messagesEnd++] =
        code | (outbox.group(entry) << MESSAGE_TOLD_SHIFT) | (outbox.to(entry) << RECEIVERS_SHIFT);
    }
    this.messagesEnd++;
    return start;
  }
}

/** A word without the rank, and without what only the first kernel's tells. */
const OWN_BITS = ~((place.THREE_BITS << place.RANK_SHIFT) | (1 << place.WRITTEN_SHIFT));

/** The word of a kernel as keys have it. */
export function keyWord(word: number, isWritten: boolean): number {
  return (word & OWN_BITS) | (isWritten ? 1 << place.WRITTEN_SHIFT : 0);
}

/** The version that such a word tells of. */
export function versionOf(word: number): number {
  return versionOfData((word >>> place.DATA_SHIFT) & place.PAIR_OF_BITS, latestOf(word));
}

/** The newest version in a world whose kernels have such words. */
function latestOf(word: number): number {
  return word >>> place.WRITTEN_SHIFT !== 0 ? place.VERSION_WRITTEN : at.VERSION_INITIAL;
}
