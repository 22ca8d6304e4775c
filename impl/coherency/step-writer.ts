/**
 * Tells what a step changes in an explored vector, in the form that searches take (`explore/machine.ts`):
 *
 *   [ action | outcome bits | where the step ends | position | value | position | value … ]
 *
 * An event concerns one kernel: besides its own word and its messages only ranks change, and freshness where a write was
 * committed.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { type ExploredActions, READ, WRITE } from "./explored-actions.js";
import type { LocalSteps } from "./local-steps.js";
import * as local from "./local-steps.js";
import * as outcome from "./outcome.js";
import { afterCrowdedStep, afterStep, aged, isCrowded } from "./pair-word.js";
import type { StampOrder } from "./stamp-order.js";
import type { VectorGroups } from "./vector-groups.js";
import * as place from "./vector-layout.js";

const ACTION = 0;
const OUTCOME = 1;
const END = 2;
const HEADER_WORDS = 3;

/** Constants of other modules are read anew at each use: those of the search's inner loops are this module's own. */
const { RESULT, FLIPS, OUTCOME_BITS, CONCERNS_OTHERS, AGES_COPIES } = local;
const RANK_BITS = place.THREE_BITS << place.RANK_SHIFT;
const DATA_BITS = place.PAIR_OF_BITS << place.DATA_SHIFT;
const WRITTEN_BIT = 1 << place.WRITTEN_SHIFT;

export class StepWriter {
  private readonly vector: Int32Array;
  private readonly actions: ExploredActions;
  private readonly steps: LocalSteps;
  private readonly order: StampOrder;
  /** Only with multicast. */
  private readonly groups: VectorGroups | undefined;
  private readonly kernels: number;
  /** Where the words of pairs end, and those of groups; then come those of spent budgets, if any, to the end. */
  private readonly pairsEnd: number;
  private readonly groupsEnd: number;
  private readonly budgetsEnd: number;
  /** Room for the kernels' words after a step, for stamps, and for one step. */
  private readonly after: Int32Array;
  private readonly stamps: Int32Array;
  private readonly step: Int32Array;

  constructor(
    configuration: Configuration,
    actions: ExploredActions,
    steps: LocalSteps,
    vector: Int32Array,
    groups: VectorGroups | undefined,
  ) {
    const { kernels, rules, readBudget, writeBudget } = configuration;
    this.vector = vector;
    this.actions = actions;
    this.steps = steps;
    this.order = steps.order;
    this.groups = groups;
    this.kernels = kernels;
    this.pairsEnd = place.groupsAt(kernels);
    const hasBudgets = readBudget !== undefined || writeBudget !== undefined;
    const hasGroups = rules.multicast !== "off";
    this.groupsEnd = place.vectorWords(kernels, false, hasGroups);
    this.budgetsEnd = place.vectorWords(kernels, hasBudgets, hasGroups);
    this.after = new Int32Array(kernels);
    this.stamps = new Int32Array(kernels);
    this.step = new Int32Array(HEADER_WORDS + 2 * vector.length);
  }

  /** Makes the changes in the vector. @returns outcome bits */
  apply(action: number, kernel: number, record: number): number {
    const { vector, step } = this;
    const end = this.write(action, kernel, record, step, 0);
    for (let change = HEADER_WORDS; change < end; change += 2) vector[step[change]!] = step[change + 1]!;
    return step[OUTCOME]!;
  }

  /** Writes the changes into `into`, from `start` on. @returns where they end */
  write(action: number, kernel: number, record: number, into: Int32Array, start: number): number {
    const { vector, kernels, pairsEnd, groupsEnd } = this;
    const { records } = this.steps.table;
    const result = records[record + RESULT]!;
    let outcomes = result & OUTCOME_BITS;
    let end = start + HEADER_WORDS;
    let flipsAt = record + FLIPS;
    const flips = records[flipsAt++]!;
    if ((result & CONCERNS_OTHERS) !== 0) end = this.writeKernels(kernel, result, flips, into, end);
    else if (flips !== 0) {
      into[end++] = kernel;
      into[end++] = vector[kernel]! ^ flips;
    }
    let sentAt = flipsAt + groupsEnd - kernels;
    for (let position = kernels; position < pairsEnd; position++) {
      const was = vector[position]!;
      const sent = records[sentAt++]!;
      const flipped = records[flipsAt++]!;
      const word = (result & AGES_COPIES) === 0 ? was : aged(was);
      let now = afterStep(word, flipped, sent);
      if (isCrowded(word, sent)) {
        now = afterCrowdedStep(word, flipped, sent);
        outcomes |= outcome.OUTCOME_UNSPECIFIED;
      }
      if (now === was) continue;
      into[end++] = position;
      into[end++] = now;
    }
    for (let position = pairsEnd; position < groupsEnd; position++) {
      const told = records[flipsAt++]!;
      const flipped = (outcomes & outcome.OUTCOME_UNSPECIFIED) === 0 ? told : told & ~this.busyTold(kernel, position);
      if (flipped === 0) continue;
      into[end++] = position;
      into[end++] = vector[position]! ^ flipped;
    }
    if (this.budgetsEnd > groupsEnd) end = this.writeSpent(action, kernel, into, end);
    into[start + ACTION] = action;
    into[start + OUTCOME] = outcomes;
    into[start + END] = end;
    return end;
  }

  /** The words of the kernels, where those of others change too: what was newest is so no longer, and ranks are dense again. */
  private writeKernels(own: number, result: number, flips: number, into: Int32Array, start: number): number {
    const { vector, kernels, after } = this;
    const ages = (result & local.AGES_COPIES) !== 0;
    for (let kernel = 0; kernel < kernels; kernel++) {
      const word = vector[kernel]!;
      const isAged = ages && kernel !== own && place.isFreshIn(vector, kernel);
      after[kernel] = isAged ? (word & ~DATA_BITS) | (place.DATA_STALE << place.DATA_SHIFT) : word;
    }
    after[own]! ^= flips;
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) after[0]! |= WRITTEN_BIT;
    if ((result & local.STAMP_CHANGES) !== 0) this.renumber(own, result >>> local.STAMP_SHIFT);
    let end = start;
    for (let kernel = 0; kernel < kernels; kernel++) {
      if (after[kernel] === vector[kernel]) continue;
      into[end++] = kernel;
      into[end++] = after[kernel]!;
    }
    return end;
  }

  /** Gives the kernels in `after` their ranks when one has drawn or dropped a stamp. */
  private renumber(kernel: number, stamp: number): void {
    const { vector, after, kernels, stamps, order } = this;
    for (let other = 0; other < kernels; other++) stamps[other] = order.stampOfRank(place.rankIn(vector, other));
    stamps[kernel] = stamp;
    for (let other = 0; other < kernels; other++)
      after[other] = (after[other]! & ~RANK_BITS) | (order.rank(stamps, other) << place.RANK_SHIFT);
  }

  /** In a word of groups, what the answers of `kernel` tell that are in flight: it stays, as they do (P7). */
  private busyTold(kernel: number, position: number): number {
    const { vector, kernels, groups } = this;
    let bits = 0;
    for (let to = 0; to < kernels; to++) {
      if (to === kernel || !place.isAnsweringIn(vector, kernels, kernel, to)) continue;
      bits |= groups!.bitsOfTold(kernel, to, position);
    }
    return bits;
  }

  private writeSpent(action: number, kernel: number, into: Int32Array, start: number): number {
    const kind = this.actions.kinds[action]!;
    if (kind !== READ && kind !== WRITE) return start;
    const position = this.groupsEnd + kernel;
    into[start] = position;
    into[start + 1] = this.vector[position]! + (kind === READ ? place.READ_SPENT : place.WRITE_SPENT);
    return start + 2;
  }
}
