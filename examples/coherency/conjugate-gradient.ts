/**
 * Conjugate gradients for a tridiagonal system (4 on the diagonal, -1 beside it, right side all 1), after NPB CG. Input: the
 * number of unknowns, a multiple of 8 up to 512. Returns the solution and the squared residual after eight steps.
 *
 * Sums are made block by block and the blocks' sums added in order by everybody, so the floating-point order does not
 * depend on how many kernels there are.
 *
 *   page 0: barrier │ page 1: sums of blocks │ page 2: the direction p │ page 3: the right side, given. Everything else is private.
 */

import type { KernelProgram, ProgramSource } from "../../properties/index.js";
import { PAGE_BYTES } from "../../vocabulary/index.js";
import { provide } from "./given.js";
import { barrier, partOf } from "./synchronisation.js";

export const PAGES = 4;
export const READ_ONLY = { first: 3, end: 4 };
const BLOCKS = 8;
const STEPS = 8;
const DIRECTION = 2 * PAGE_BYTES;
const RIGHT_SIDE = 3 * PAGE_BYTES;

export const source: ProgramSource = () => new Uint8Array(new Float64Array(PAGE_BYTES / 8).fill(1).buffer);

const conjugateGradient: KernelProgram = (memory, host) => {
  const { kernel, kernels, input } = host;
  provide(memory, host, READ_ONLY, source, 0);
  const unknowns = input as number;
  const perBlock = unknowns / BLOCKS;
  const [firstBlock, endBlock] = partOf(BLOCKS, kernel, kernels);
  const [first, end] = [firstBlock * perBlock, endBlock * perBlock];
  const p = (i: number) => (i < 0 || i >= unknowns ? 0 : memory.loadFloat64(DIRECTION + 8 * i));
  const sum = (term: (i: number) => number): number => {
    for (let block = firstBlock; block < endBlock; block++) {
      let part = 0;
      for (let i = block * perBlock; i < (block + 1) * perBlock; i++) part += term(i);
      memory.storeFloat64(PAGE_BYTES + 8 * block, part);
    }
    barrier(memory, 0, kernels);
    let whole = 0;
    for (let block = 0; block < BLOCKS; block++) whole += memory.loadFloat64(PAGE_BYTES + 8 * block);
    barrier(memory, 0, kernels);
    return whole;
  };
  const [x, r, q] = [new Float64Array(unknowns), new Float64Array(unknowns), new Float64Array(unknowns)];
  for (let i = first; i < end; i++) r[i] = memory.loadFloat64(RIGHT_SIDE + 8 * i);
  for (let i = first; i < end; i++) memory.storeFloat64(DIRECTION + 8 * i, r[i]!);
  let rho = sum((i) => r[i]! * r[i]!);
  for (let step = 0; step < STEPS; step++) {
    for (let i = first; i < end; i++) q[i] = 4 * p(i) - p(i - 1) - p(i + 1);
    const alpha = rho / sum((i) => p(i) * q[i]!);
    for (let i = first; i < end; i++) {
      x[i]! += alpha * p(i);
      r[i]! -= alpha * q[i]!;
    }
    const next = sum((i) => r[i]! * r[i]!);
    for (let i = first; i < end; i++) memory.storeFloat64(DIRECTION + 8 * i, r[i]! + (next / rho) * p(i));
    rho = next;
    barrier(memory, 0, kernels);
  }
  for (let i = first; i < end; i++) memory.storeFloat64(DIRECTION + 8 * i, x[i]!);
  barrier(memory, 0, kernels);
  return [Array.from({ length: unknowns }, (_, i) => p(i)), rho];
};

export default conjugateGradient;
