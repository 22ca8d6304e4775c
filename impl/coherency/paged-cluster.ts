/**
 * A cluster whose kernels have page tables, which follow the states of their copies.
 *
 * T5, the order inside a step: first the entry changes, then the messages leave. As an Ack or a Copy leaves, its kernel's
 * processor tries what must be over by then; what it still can do is noted.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { Cluster } from "./cluster.js";
import { KERNEL_TABLE_WORDS, KernelPageTable } from "./kernel-page-table.js";
import * as at from "./layout.js";
import * as mail from "./outbox.js";
import { entryBitsOf } from "./permissions.js";

/** Bits of `late`: an Ack left while the page could be loaded; a Copy, while it could be stored to. */
export const ACK_BEFORE_CLEAR = 1 << 0;
export const COPY_BEFORE_CLEAR = 1 << 1;

export class PagedCluster extends Cluster {
  readonly tables: readonly KernelPageTable[];
  /** What left too early since this was last set to 0. */
  late = 0;

  /** @param words KERNEL_TABLE_WORDS words a kernel */
  constructor(configuration: Configuration, words: Int32Array) {
    super(configuration);
    this.tables = Array.from({ length: configuration.kernels }, (_, kernel) =>
      this.tableOf(words.subarray(kernel * KERNEL_TABLE_WORDS, (kernel + 1) * KERNEL_TABLE_WORDS)),
    );
  }

  protected tableOf(words: Int32Array): KernelPageTable {
    return new KernelPageTable(words);
  }

  override initialise(): void {
    super.initialise();
    for (let kernel = 0; kernel < this.kernels; kernel++) {
      this.tables[kernel]!.initialise();
      this.changeEntry(kernel);
    }
  }

  /** Before an event the processor knows all that it may know: the store first, since one that faults forgets the page. */
  touch(kernel: number): void {
    this.tables[kernel]!.stores();
    this.tables[kernel]!.loads();
  }

  protected override publish(kernel: number): boolean {
    this.changeEntry(kernel);
    return this.post(kernel);
  }

  protected changeEntry(kernel: number): void {
    this.tables[kernel]!.follow(this.bitsOf(this.live[this.copy(kernel) + at.STATE]!));
  }

  protected bitsOf(state: number): number {
    return entryBitsOf(state);
  }

  protected post(kernel: number): boolean {
    const { outbox } = this;
    const table = this.tables[kernel]!;
    for (let entry = 0; entry < outbox.count; entry++) {
      if (outbox.kind(entry) === mail.ACK && table.loads()) this.late |= ACK_BEFORE_CLEAR;
      if (outbox.kind(entry) === mail.COPY && table.stores()) this.late |= COPY_BEFORE_CLEAR;
    }
    return super.publish(kernel);
  }
}
