/** A barrier and a lock built on coherent memory: nobody spins, who waits sleeps until its copy of the page is taken away. */
import type { SharedMemory } from "../../impl/index.js";

/** Two words at `address`: how many have come, and how often all have come. */
export function barrier(memory: SharedMemory, address: number, kernels: number): void {
  const passed = memory.loadInt32(address + 4);
  if (memory.addInt32(address, 1) === kernels - 1) {
    memory.storeInt32(address, 0);
    memory.storeInt32(address + 4, passed + 1);
  } else memory.awaitChange(address + 4, passed);
}

/** A word at `address`: 0 = free, 1 = taken. */
export function withLock(memory: SharedMemory, address: number, work: () => void): void {
  while (memory.exchangeInt32(address, 1) !== 0) memory.awaitChange(address, 1);
  work();
  memory.storeInt32(address, 0);
}

/** The part of `count` things that is a kernel's: from the first to before the second number. */
export function partOf(count: number, kernel: number, kernels: number): readonly [number, number] {
  return [Math.floor((count * kernel) / kernels), Math.floor((count * (kernel + 1)) / kernels)];
}
