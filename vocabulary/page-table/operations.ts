/**
 * What can be asked of the stand-alone page-table system: one address space, its kernel, and the CPUs of a machine.
 *
 * `page` is the part of a virtual page number (4 KiB units) that the levels index: 0 to 2^(levels × indexBits) − 1, the
 * upper half of the address space being the upper half of these numbers. `virtualPage` is a whole 52-bit virtual page
 * number, a 64-bit address without its offset. `frame` is a physical frame number below 2^(physicalAddressBits − 12).
 */
import type { Access, Mode, Rights } from "./access.js";
import type { Attributes } from "./entry.js";

export type Operation = KernelOperation | HardwareOperation;

/** Level of a leaf: 1 is 4 KiB, 2 is 2 MiB, 3 is 1 GiB on x86-64. A root never holds leaves. */
export type LeafLevel = 1 | 2 | 3;

/** What the kernel does with the tables. `cpu` is where it runs: tables come from that CPU's node first. */
export type KernelOperation =
  /** Installs one leaf. `page` and `frame` are multiples of the leaf's span; the rights are not "---". */
  | {
      readonly kind: "map";
      readonly cpu: number;
      readonly page: number;
      readonly level: LeafLevel;
      readonly frame: number;
      readonly rights: Rights;
      readonly attributes: Attributes;
    }
  /** Removes the leaf that covers the page, whatever its size, and the tables that it leaves empty. */
  | { readonly kind: "unmap"; readonly cpu: number; readonly page: number }
  /** Changes the rights of the leaf that covers the page, the whole leaf. */
  | { readonly kind: "protect"; readonly cpu: number; readonly page: number; readonly rights: Rights }
  /** Replaces the large leaf that covers the page by a table of leaves of the next smaller size. */
  | { readonly kind: "split"; readonly cpu: number; readonly page: number }
  /** Replaces the table of leaves below the entry of `level` that covers the page by one large leaf. */
  | { readonly kind: "collapse"; readonly cpu: number; readonly page: number; readonly level: 2 | 3 }
  /** The kernel's own walk: where it ends for the page, and what is there. Changes nothing. */
  | { readonly kind: "walk"; readonly page: number };

/** What a CPU does. */
export type HardwareOperation =
  /** Loads the root of the address space, flushing everything the CPU has cached. */
  | { readonly kind: "load"; readonly cpu: number }
  /** A load, store or instruction fetch. The CPU must have a root loaded. */
  | {
      readonly kind: "access";
      readonly cpu: number;
      readonly virtualPage: number;
      readonly access: Access;
      readonly mode: Mode;
    }
  /** Forgets TLB and paging-structure cache. */
  | { readonly kind: "flush"; readonly cpu: number };
