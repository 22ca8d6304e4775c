/** The kernel's half of the roots (1.5, I8): the same entries in every root of every address space. */
import type { Kernel } from "./kernel.js";

/**
 * Writes one of the kernel's root entries; 0 clears it.
 * @param index counted from the first of the kernel's entries
 * @param value the low word: whatever the kernel puts there, nothing of ours follows it
 */
export function writeKernelEntry(kernel: Kernel, index: number, value: number): void {
  const { spaces, setters, layout, tables } = kernel;
  spaces.setKernelEntry(index, value);
  const at = layout.userRootEntries + index;
  for (let slot = 0; slot < layout.slots; slot++) {
    if (spaces.users(slot) === 0) continue;
    if (value === 0) setters.clearPointer(spaces.root(slot), at, tables.levels);
    else setters.set(spaces.root(slot), at, tables.levels, value, 0);
  }
}
