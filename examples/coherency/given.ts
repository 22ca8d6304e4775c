/**
 * What a program is given, the same for all kernels: in a read-only region it is there from the beginning and no kernel asks
 * another one for it; without such a region kernel 0 stores it, and the others fetch it.
 */

import type { SharedMemory } from "../../impl/index.js";
import type { KernelHost, ProgramSource, ReadOnlyPages } from "../../properties/index.js";
import { PAGE_BYTES } from "../../vocabulary/index.js";
import { barrier } from "./synchronisation.js";

/** To be called by every kernel before it reads the pages. The barrier's two words stand at `meeting`. */
export function provide(
  memory: SharedMemory,
  { kernel, kernels, input, readOnly }: KernelHost,
  { first, end }: ReadOnlyPages,
  source: ProgramSource,
  meeting: number,
): void {
  if (readOnly !== undefined) return;
  if (kernel === 0)
    for (let page = first; page < end; page++) {
      const words = new Int32Array(source(page, input).buffer);
      for (let word = 0; word < words.length; word++) memory.storeInt32(page * PAGE_BYTES + 4 * word, words[word]!);
    }
  barrier(memory, meeting, kernels);
}
