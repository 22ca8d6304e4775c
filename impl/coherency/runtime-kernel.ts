/**
 * One kernel with memory of its own: engine, page-table entries and the real bytes of the pages, still without input or
 * output. Faults go in as `begin`, messages as `deliver`; what is to be sent goes to a courier.
 *
 *   access ──permitted?──> bytes                  the entry decides, the protocol is not asked
 *      └──no──> begin ──> engine ──> outcome      committed: the store takes effect here, before anything leaves
 *                            └──> entry changed ──> messages leave, Copies with the page's bytes
 *
 * A write that wins and is waited for is committed and passed on in the same step, so the store cannot be left to the
 * application: it is handed in as an effect. Source: specification, 2.5 and section 9 (T5).
 */

import type { Rules } from "../../vocabulary/coherency/rules.js";
import { PAGE_BYTES, RUNTIME_PAGES_MAX } from "../../vocabulary/coherency/runtime.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { CoherencyEngine, type EngineOptions, engineWords } from "./engine.js";
import * as at from "./layout.js";
import { COPY, NACK, OUTBOX_WORDS, Outbox } from "./outbox.js";
import * as outcome from "./outcome.js";
import { entriesWords, RuntimeEntries } from "./runtime-entries.js";

/**
 * Takes what a kernel has to say. `bytes` are the page of a Copy, in the kernel's memory: valid during the call only. `group`
 * is what the answer tells of the page's users, 0 without multicast.
 */
export interface Courier {
  send(to: number, kind: number, page: number, detail: number, bytes: Uint8Array | undefined, group: number): void;
}

/** What a store does to its word when it is committed. */
export interface Effect {
  take(kernel: RuntimeKernel): void;
}

export interface RuntimeOptions extends EngineOptions {
  readonly pages: number;
  /** Pages [first, end) that no program writes: not kept coherent, each kernel makes its own copy from the source (5.2). */
  readonly readOnly?: { readonly first: number; readonly end: number; readonly source: DataSource };
}

/** The bytes of a read-only page, PAGE_BYTES of them, such as from a file. */
export type DataSource = (page: number) => Uint8Array;

/** Kinds of message are 1 to this; see outbox.ts. */
const KINDS = NACK + 1;
const CLOCK_MAX = 2 ** 31 - 1;
const NOBODY = -1;

export class RuntimeKernel {
  readonly kernel: number;
  readonly pages: number;
  readonly entries: RuntimeEntries;
  /** The private memory, three times. */
  readonly bytes: Uint8Array;
  readonly int32: Int32Array;
  readonly float64: Float64Array;
  protected readonly courier: Courier;
  private readonly words: Int32Array;
  private readonly engine: CoherencyEngine;
  /** Of the pages in the read-only region, over the same words. */
  private readonly localEngine: CoherencyEngine;
  private readonly readOnly: RuntimeOptions["readOnly"];
  private readonly outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  private readonly counts: Int32Array;
  private clock = 0;
  /** The page whose access is being served. */
  private blockedOn = NOBODY;
  private effect: Effect | undefined;

  /** @throws PagetwinError `ARGUMENT` for a kernel or a number of pages out of range */
  constructor(options: RuntimeOptions, courier: Courier) {
    const { kernel, pages } = options;
    if (!Number.isInteger(pages) || pages < 1 || pages > RUNTIME_PAGES_MAX)
      throw new PagetwinError("ARGUMENT", `${pages} pages: expected an integer from 1 to ${RUNTIME_PAGES_MAX}`);
    this.kernel = kernel;
    this.pages = pages;
    this.courier = courier;
    this.words = new Int32Array(engineWords(pages));
    this.engine = new CoherencyEngine(this.words, this.outbox, options);
    const rules: Rules = { ...options.rules, readOnly: "local" };
    this.localEngine = new CoherencyEngine(this.words, this.outbox, { ...options, rules });
    this.readOnly = options.readOnly;
    this.entries = new RuntimeEntries(new Int32Array(entriesWords(pages)));
    this.bytes = new Uint8Array(pages * PAGE_BYTES);
    this.int32 = new Int32Array(this.bytes.buffer);
    this.float64 = new Float64Array(this.bytes.buffer);
    this.counts = new Int32Array(pages * KINDS);
  }

  /** Whether an access waits for the protocol. */
  get isBlocked(): boolean {
    return this.blockedOn !== NOBODY;
  }

  /** The state of a page's copy, a constant of layout.ts. */
  stateOf(page: number): number {
    return this.words[page * at.COPY_WORDS + at.STATE]!;
  }

  /** How many messages of a kind this kernel has sent about pages [first, end). */
  sent(kind: number, first = 0, end = this.pages): number {
    let count = 0;
    for (let page = first; page < end; page++) count += this.counts[page * KINDS + kind]!;
    return count;
  }

  /**
   * An access that the entry does not permit. A store's effect is taken when it is committed.
   * @throws PagetwinError `NOT_ENABLED` if another access waits, or for a store to a page of the read-only region;
   *   `UNREACHABLE`, as the two below, where a request goes to nobody: a broken protocol
   */
  begin(page: number, effect?: Effect): void {
    if (this.isBlocked)
      throw new PagetwinError("NOT_ENABLED", `kernel ${this.kernel} waits for page ${this.blockedOn}`);
    const { readOnly } = this;
    if (readOnly !== undefined && page >= readOnly.first && page < readOnly.end) {
      this.beginLocally(page, effect !== undefined, readOnly.source);
      return;
    }
    this.blockedOn = page;
    this.effect = effect;
    this.settle(page, effect === undefined ? this.engine.read(page, this.now()) : this.engine.write(page, this.now()));
  }

  private beginLocally(page: number, isStore: boolean, source: DataSource): void {
    const result = isStore ? this.localEngine.write(page, this.now()) : this.localEngine.read(page, this.now());
    if ((result & outcome.OUTCOME_REFUSED) !== 0)
      throw new PagetwinError("NOT_ENABLED", `kernel ${this.kernel}: a store to page ${page}, which is read-only`);
    this.bytes.set(source(page), page * PAGE_BYTES);
    this.publish(page);
  }

  /** Takes the kernel's own next step for the waiting access, if there is one: leaving a wait state, or a retry. */
  advance(): boolean {
    const page = this.blockedOn;
    if (page === NOBODY) return false;
    if (this.engine.canExit(page)) this.settle(page, this.engine.exit(page, this.now()));
    else if (this.engine.canRetry(page)) this.settle(page, this.engine.retry(page, this.now()));
    else return false;
    return true;
  }

  /**
   * A message arrives.
   * @throws PagetwinError `UNREACHABLE` where the protocol has no answer, too: a broken channel, or a broken protocol
   */
  deliver(from: number, kind: number, page: number, detail: number, bytes: Uint8Array | undefined, group = 0): void {
    const version = page * at.COPY_WORDS + at.VERSION;
    this.harvest(page);
    const before = this.words[version];
    const result = this.engine.receive(page, from, kind, detail, this.now(), group);
    if ((result & outcome.OUTCOME_UNSPECIFIED) !== 0) {
      const state = this.stateOf(page);
      throw new PagetwinError(
        "UNREACHABLE",
        `kernel ${this.kernel}: message ${kind} of kernel ${from} about page ${page} has no answer in state ${state}`,
      );
    }
    // The engine keeps a Copy by taking its version over.
    const after = this.words[version];
    if (kind === COPY && bytes !== undefined && after !== before && after !== at.VERSION_NONE)
      this.bytes.set(bytes, page * PAGE_BYTES);
    this.settle(page, result);
  }

  /** The first store to the only copy trapped nowhere: D tells of it before anybody is answered. */
  private harvest(page: number): void {
    const copy = page * at.COPY_WORDS;
    const isUntold =
      this.words[copy + at.STATE] === at.NOT_REPLICATED && this.words[copy + at.VERSION] === at.VERSION_INITIAL;
    if (isUntold && this.entries.isDirty(page)) this.engine.write(page, this.now());
  }

  /** Whoever asks nobody is never answered, and would ask again without end. */
  private settle(page: number, result: number): void {
    if ((result & outcome.OUTCOME_ASKED_NOBODY) !== 0)
      throw new PagetwinError("UNREACHABLE", `kernel ${this.kernel}: knows nobody to ask about page ${page}`);
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) this.commit(page);
    if ((result & outcome.OUTCOME_COMPLETED) !== 0 && page === this.blockedOn) this.blockedOn = NOBODY;
    this.publish(page);
  }

  private commit(page: number): void {
    this.effect?.take(this);
    this.effect = undefined;
    this.entries.noteStore(page);
  }

  /** T5: first the entry, then the messages. A Copy is taken from a page that nobody can store to any more. */
  protected publish(page: number): void {
    this.changeEntry(page);
    this.post();
  }

  protected changeEntry(page: number): void {
    this.entries.follow(page, this.stateOf(page));
  }

  protected post(): void {
    const { outbox, courier, counts } = this;
    for (let entry = 0; entry < outbox.count; entry++) {
      const kind = outbox.kind(entry);
      const page = outbox.page(entry);
      const bytes = kind === COPY ? this.bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES) : undefined;
      for (let to = outbox.to(entry), kernel = 0; to !== 0; to >>>= 1, kernel++) {
        if ((to & 1) === 0) continue;
        counts[page * KINDS + kind]!++;
        courier.send(kernel, kind, page, outbox.detail(entry), bytes, outbox.group(entry));
      }
    }
    outbox.clear();
  }

  /** The kernel's own clock: it counts its events. Kernels' clocks are not synchronised (4.3). */
  private now(): number {
    if (this.clock === CLOCK_MAX) throw new PagetwinError("ARGUMENT", `kernel ${this.kernel}: its clock has run out`);
    return ++this.clock;
  }
}
