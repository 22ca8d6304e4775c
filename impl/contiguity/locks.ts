/**
 * Locks as words: 0 = free, 1 = held. Who finds one held tries again.
 *
 *   process   its page table
 *   area      its table of offsets
 *   zone      its frames, lists, contiguity map and rover
 *
 * Nobody who holds one asks for another, except for those of all zones in ascending order. Processes come and go, and areas
 * with them, under a lock of the whole address space that is not here: whoever asks for those operations has the process
 * for himself. Faults of several threads, in one process or in several, may run at the same time.
 */
import type { MemoryPort } from "../memory-port.js";

const FREE = 0;
const HELD = 1;

export function acquire(memory: MemoryPort, label: string, word: number): void {
  while (memory.compareExchange(label, word, FREE, HELD) !== FREE);
}

export function release(memory: MemoryPort, label: string, word: number): void {
  memory.store(label, word, FREE);
}
