/**
 * Fast Fourier transform, radix 2, without reordering (Stockham). Input: the number of points, a power of two up to 512.
 * Returns real and imaginary parts. Each output is computed by one kernel, so the floating-point order does not depend on
 * how many there are.
 *
 *   page 0: barrier │ pages 1, 2: real and imaginary parts │ pages 3, 4: the same after every other pass │ page 5: roots, given
 */

import type { KernelProgram, ProgramSource } from "../../properties/index.js";
import { PAGE_BYTES } from "../../vocabulary/index.js";
import { provide } from "./given.js";
import { barrier, partOf } from "./synchronisation.js";

export const PAGES = 6;
export const READ_ONLY = { first: 5, end: 6 };
const ROOTS = 5 * PAGE_BYTES;
/** Room for the roots of 512 points: the cosines, then the sines. */
const ROOTS_MAX = PAGE_BYTES / 16;

/** The first half of the roots of unity, as many as there are points, clockwise from 1. */
export const source: ProgramSource = (_page, points) => {
  const roots = new Float64Array(2 * ROOTS_MAX);
  for (let root = 0; root < (points as number) / 2; root++) {
    const angle = (-2 * Math.PI * root) / (points as number);
    roots[root] = Math.cos(angle);
    roots[ROOTS_MAX + root] = Math.sin(angle);
  }
  return new Uint8Array(roots.buffer);
};

/** The i-th point, real. */
export function pointOf(i: number): number {
  return Math.sin(i) + ((i * 7) % 5);
}

const fft: KernelProgram = (memory, host) => {
  const { kernel, kernels, input } = host;
  provide(memory, host, READ_ONLY, source, 0);
  const points = input as number;
  let [from, to] = [PAGE_BYTES, 3 * PAGE_BYTES];
  const [first, end] = partOf(points, kernel, kernels);
  for (let i = first; i < end; i++) memory.storeFloat64(from + 8 * i, pointOf(i));
  barrier(memory, 0, kernels);
  const [low, high] = partOf(points / 2, kernel, kernels);
  for (let half = points / 2, width = 1; half >= 1; half /= 2, width *= 2) {
    for (let pair = low; pair < high; pair++) {
      const [j, k] = [Math.floor(pair / width), pair % width];
      const [a, b] = [from + 8 * (k + j * width), from + 8 * (k + j * width + half * width)];
      const [realA, realB] = [memory.loadFloat64(a), memory.loadFloat64(b)];
      const [imaginaryA, imaginaryB] = [memory.loadFloat64(a + PAGE_BYTES), memory.loadFloat64(b + PAGE_BYTES)];
      const root = ROOTS + 8 * j * width;
      const [cosine, sine] = [memory.loadFloat64(root), memory.loadFloat64(root + 8 * ROOTS_MAX)];
      const [real, imaginary] = [realA - realB, imaginaryA - imaginaryB];
      const c = to + 8 * (k + 2 * j * width);
      const d = c + 8 * width;
      memory.storeFloat64(c, realA + realB);
      memory.storeFloat64(d, real * cosine - imaginary * sine);
      memory.storeFloat64(c + PAGE_BYTES, imaginaryA + imaginaryB);
      memory.storeFloat64(d + PAGE_BYTES, real * sine + imaginary * cosine);
    }
    barrier(memory, 0, kernels);
    [from, to] = [to, from];
  }
  return Array.from({ length: points }, (_, i) => [
    memory.loadFloat64(from + 8 * i),
    memory.loadFloat64(from + PAGE_BYTES + 8 * i),
  ]);
};

export default fft;
