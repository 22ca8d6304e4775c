/**
 * Shared memory as a program sees it that can be made to wait: loads and stores that look at the page-table entry, and
 * fault where it does not permit them.
 *
 * Addresses are in bytes from 0, multiples of the size of what is accessed. An access is one step: no message is taken in
 * between its look at the entry and the memory, nor inside `add` and `exchange`, which makes them atomic. Each throws
 * PagetwinError `UNREACHABLE` under a protocol that is broken, rather than wait for ever.
 */
import { PAGE_BYTES } from "../../vocabulary/coherency/runtime.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { FETCH, FETCH_WRITE, INVALID } from "./outbox.js";
import type { Effect, RuntimeKernel } from "./runtime-kernel.js";

/** How the program waits, and lets messages in while it does not wait. */
export interface BlockingHost {
  /** Takes in what has arrived, if anything has. */
  poll(): void;
  /** Waits for a message and delivers exactly one. Throws when the run is over. */
  wait(): void;
}

const PAGE_SHIFT = 12;
/**
 * After so many messages an access that is still not served is taken to wait for ever. It may lose to the accesses of others
 * (a fetch is repeated after each write), so this is far more than those of a whole program.
 */
const MESSAGES_MAX = 2 ** 20;

export class SharedMemory {
  private readonly kernel: RuntimeKernel;
  private readonly host: BlockingHost;
  private readonly messagesMax: number;
  private readonly end: number;
  private readonly storing = new StoreEffect();

  /** @param messagesMax how many messages may arrive while one access waits */
  constructor(kernel: RuntimeKernel, host: BlockingHost, messagesMax: number = MESSAGES_MAX) {
    this.kernel = kernel;
    this.host = host;
    this.messagesMax = messagesMax;
    this.end = kernel.pages * PAGE_BYTES;
  }

  loadInt32(address: number): number {
    this.toLoad(address, 4);
    return this.kernel.int32[address >>> 2]!;
  }

  loadFloat64(address: number): number {
    this.toLoad(address, 8);
    return this.kernel.float64[address >>> 3]!;
  }

  storeInt32(address: number, value: number): void {
    if (this.toStore(address, 4)) this.kernel.int32[address >>> 2] = value;
    else this.store(STORE_INT32, address, value);
  }

  storeFloat64(address: number, value: number): void {
    if (this.toStore(address, 8)) this.kernel.float64[address >>> 3] = value;
    else this.store(STORE_FLOAT64, address, value);
  }

  /** Adds to a word. @returns its former value */
  addInt32(address: number, delta: number): number {
    const { int32 } = this.kernel;
    if (!this.toStore(address, 4)) return this.store(ADD_INT32, address, delta);
    const former = int32[address >>> 2]!;
    int32[address >>> 2] = former + delta;
    return former;
  }

  /** Stores a word. @returns its former value */
  exchangeInt32(address: number, value: number): number {
    const { int32 } = this.kernel;
    if (!this.toStore(address, 4)) return this.store(STORE_INT32, address, value);
    const former = int32[address >>> 2]!;
    int32[address >>> 2] = value;
    return former;
  }

  /** Waits until a word is another value than `value`, asleep while this kernel's copy cannot have changed. @returns it */
  awaitChange(address: number, value: number): number {
    const { kernel, host } = this;
    const page = address >>> PAGE_SHIFT;
    for (;;) {
      const found = this.loadInt32(address);
      if (found !== value) return found;
      while (kernel.entries.permitsLoad(page)) host.wait();
    }
  }

  /** Requests that this kernel has sent so far. */
  requestsSent(): number {
    return this.kernel.sent(FETCH) + this.kernel.sent(FETCH_WRITE) + this.kernel.sent(INVALID);
  }

  private toLoad(address: number, size: number): void {
    this.check(address, size);
    this.host.poll();
    const { kernel } = this;
    const page = address >>> PAGE_SHIFT;
    if (!kernel.entries.permitsLoad(page)) this.fault(page, undefined);
    kernel.entries.noteLoad(page);
  }

  /** Whether the entry permits the store; if so, D is set. */
  private toStore(address: number, size: number): boolean {
    this.check(address, size);
    this.host.poll();
    const { entries } = this.kernel;
    const page = address >>> PAGE_SHIFT;
    if (!entries.permitsStore(page)) return false;
    entries.noteStore(page);
    return true;
  }

  private store(operation: number, address: number, value: number): number {
    const { storing } = this;
    storing.operation = operation;
    storing.address = address;
    storing.value = value;
    this.fault(address >>> PAGE_SHIFT, storing);
    return storing.former;
  }

  private fault(page: number, effect: Effect | undefined): void {
    const { kernel, host, messagesMax } = this;
    kernel.begin(page, effect);
    let messages = 0;
    while (kernel.isBlocked) {
      if (kernel.advance()) continue;
      if (messages++ === messagesMax)
        throw new PagetwinError("UNREACHABLE", `page ${page} is not served: ${messagesMax} messages came in vain`);
      host.wait();
    }
  }

  private check(address: number, size: number): void {
    if (!(address >= 0 && address + size <= this.end && address % size === 0))
      throw new PagetwinError("ARGUMENT", `address ${address}: expected a multiple of ${size} below ${this.end}`);
  }
}

const STORE_INT32 = 0;
const STORE_FLOAT64 = 1;
const ADD_INT32 = 2;

class StoreEffect implements Effect {
  operation = STORE_INT32;
  address = 0;
  value = 0;
  former = 0;

  take({ int32, float64 }: RuntimeKernel): void {
    const word = this.address >>> 2;
    this.former = int32[word]!;
    if (this.operation === STORE_FLOAT64) float64[this.address >>> 3] = this.value;
    else int32[word] = this.operation === ADD_INT32 ? this.former + this.value : this.value;
  }
}
