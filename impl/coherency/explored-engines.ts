/**
 * The kernels behind an explored vector: which events can happen (`enabled-actions.ts`), what the engine of the kernel
 * concerned does with one (`local-steps.ts`), and what that changes in the vector (`step-writer.ts`).
 *
 * Nothing is kept between two events, so the vector may be any each time.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { EnabledActions } from "./enabled-actions.js";
import { type ExploredActions, REQUEST } from "./explored-actions.js";
import * as at from "./layout.js";
import * as local from "./local-steps.js";
import { LocalSteps } from "./local-steps.js";
import * as mail from "./outbox.js";
import { StepWriter } from "./step-writer.js";
import { VectorGroups } from "./vector-groups.js";
import * as place from "./vector-layout.js";
import * as slot from "./vector-slots.js";
import { VectorSlots } from "./vector-slots.js";

/** Constants of other modules are read anew at each use: those of the search's inner loops are this module's own. */
const { CODE_SHIFT, COMPARED_SHIFT } = local;
const { THREE_BITS, ANSWER_SHIFT, ANSWER_MASK, STATE_MASK } = place;
const { INVALID } = mail;

export class ExploredEngines {
  readonly slots: VectorSlots;
  readonly enabled: EnabledActions;
  private readonly vector: Int32Array;
  private readonly kernels: number;
  private readonly actions: ExploredActions;
  private readonly steps: LocalSteps;
  private readonly writer: StepWriter;
  /** Only with multicast. */
  private readonly groups: VectorGroups | undefined;
  /** Which sets mean something in a state: who has answered only where answers are awaited. */
  private readonly setsIn: Int32Array;
  /** Room for a kernel's enabled actions. */
  private readonly listed: Uint32Array;

  constructor(configuration: Configuration, actions: ExploredActions, vector: Int32Array) {
    const { kernels, rules, channels } = configuration;
    this.vector = vector;
    this.kernels = kernels;
    this.actions = actions;
    this.slots = new VectorSlots(vector, kernels, channels === "fifo");
    this.steps = new LocalSteps(configuration, actions);
    this.enabled = new EnabledActions(configuration, actions, this.steps, vector);
    const hasGroups = rules.multicast !== "off";
    this.groups = hasGroups ? new VectorGroups(vector, kernels, place.groupsAt(kernels)) : undefined;
    this.writer = new StepWriter(configuration, actions, this.steps, vector, this.groups);
    this.setsIn = Int32Array.from({ length: STATE_MASK + 1 }, (_, state) =>
      at.isWaiting(state) ? slot.ALL_SETS : slot.HELD_SETS,
    );
    this.listed = new Uint32Array(actions.perKernel);
  }

  /** Writes the enabled actions of the vector, ascending, into `into`. @returns how many */
  list(into: Uint32Array): number {
    let count = 0;
    for (let kernel = 0; kernel < this.kernels; kernel++) {
      const around = this.slots.around(kernel);
      count = this.enabled.list(kernel, around, this.setsOf(kernel, around), into, count);
    }
    return count;
  }

  /** Writes what each enabled action changes, ascending, into `into`, from `start` on. @returns where that ends */
  listSteps(into: Int32Array, start: number): number {
    const { vector, listed, writer, enabled, slots, kernels } = this;
    let end = start;
    for (let kernel = 0; kernel < kernels; kernel++) {
      const around = slots.around(kernel);
      const sets = this.setsOf(kernel, around);
      const word = local.keyWordIn(vector, kernel);
      const count = enabled.list(kernel, around, sets, listed, 0);
      for (let index = 0; index < count; index++) {
        const action = listed[index]!;
        end = writer.write(action, kernel, this.recordOf(action, kernel, word, sets), into, end);
      }
    }
    return end;
  }

  /** Lets an enabled action happen. @returns outcome bits */
  perform(action: number): number {
    const kernel = this.actions.kernels[action]!;
    const sets = this.setsOf(kernel, this.slots.around(kernel));
    const record = this.recordOf(action, kernel, local.keyWordIn(this.vector, kernel), sets);
    return this.writer.apply(action, kernel, record);
  }

  /** Where the record of what an action does begins in the table of steps. */
  private recordOf(action: number, kernel: number, word: number, sets: number): number {
    const { actions, slots, steps, groups } = this;
    const sender = actions.senders[action]!;
    if (sender === kernel) return steps.step(word, sets, action);
    const code = slots.code(sender, kernel);
    if (actions.kinds[action] === REQUEST) {
      const request = code & THREE_BITS;
      const compared = request === INVALID ? this.compared(sender, kernel) : 0;
      return steps.step(word, sets, action | (request << CODE_SHIFT) | (compared << COMPARED_SHIFT));
    }
    const answer = (code >>> ANSWER_SHIFT) & ANSWER_MASK;
    const told = groups === undefined ? 0 : groups.told(sender, kernel) << local.TOLD_SHIFT;
    return steps.step(word, sets | told, action | (answer << CODE_SHIFT));
  }

  /** How the sender's stamp compares with the receiver's. One that has none votes on nothing. */
  private compared(sender: number, receiver: number): number {
    const own = place.rankIn(this.vector, receiver);
    if (own === 0) return local.COMPARED_EQUAL;
    return Math.sign(place.rankIn(this.vector, sender) - own) + local.COMPARED_EQUAL;
  }

  /** The sets of a kernel as keys of steps have them. */
  private setsOf(kernel: number, around: number): number {
    const { groups } = this;
    const sets = around & this.setsIn[this.vector[kernel]! & STATE_MASK]!;
    return groups === undefined ? sets : sets | (groups.of(kernel) << local.GROUP_SHIFT);
  }
}
