/**
 * Integer sort by counting, after NPB IS. Input: the number of keys, at most 1,024. Returns the sorted keys.
 *
 *   page 0: barrier, lock │ page 1: how often each of 256 keys occurs │ page 2: keys, given │ page 3: sorted keys
 */

import type { KernelProgram, ProgramSource } from "../../properties/index.js";
import { PAGE_BYTES } from "../../vocabulary/index.js";
import { provide } from "./given.js";
import { barrier, partOf, withLock } from "./synchronisation.js";

const KEYS = 256;
const LOCK = 64;
const COUNTS = PAGE_BYTES;
const GIVEN = 2 * PAGE_BYTES;
const SORTED = 3 * PAGE_BYTES;
export const PAGES = 4;
export const READ_ONLY = { first: 2, end: 3 };

/** The i-th key: from a linear congruential generator's high bits. */
export function keyOf(i: number): number {
  return (Math.imul(Math.imul(i + 1, 747796405) + 1, 277803737) >>> 16) % KEYS;
}

export const source: ProgramSource = () =>
  new Uint8Array(Int32Array.from({ length: PAGE_BYTES / 4 }, (_, i) => keyOf(i)).buffer);

const integerSort: KernelProgram = (memory, host) => {
  const { kernel, kernels, input } = host;
  provide(memory, host, READ_ONLY, source, 0);
  const [first, end] = partOf(input as number, kernel, kernels);
  const own = new Int32Array(KEYS);
  for (let i = first; i < end; i++) own[memory.loadInt32(GIVEN + 4 * i)]!++;
  withLock(memory, LOCK, () => {
    for (let key = 0; key < KEYS; key++) memory.addInt32(COUNTS + 4 * key, own[key]!);
  });
  barrier(memory, 0, kernels);
  const [low, high] = partOf(KEYS, kernel, kernels);
  let at = 0;
  for (let key = 0; key < high; key++) {
    const count = memory.loadInt32(COUNTS + 4 * key);
    if (key >= low) for (let i = 0; i < count; i++) memory.storeInt32(SORTED + 4 * (at + i), key);
    at += count;
  }
  barrier(memory, 0, kernels);
  return Array.from({ length: input as number }, (_, i) => memory.loadInt32(SORTED + 4 * i));
};

export default integerSort;
