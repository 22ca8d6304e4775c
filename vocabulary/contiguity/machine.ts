/**
 * The words of the machine on which contiguity-aware paging runs: processes with areas, their faults, fork and exit, over
 * one node's physical memory. Exact meaning: docs/contiguity.md, 1.
 */
import type { AllocatorShape, Way } from "./allocator.js";

export interface MachineShape {
  readonly memory: AllocatorShape;
  /** Most processes alive, and most areas of each. `memory.areas` must be their product. */
  readonly processes: number;
  readonly areasPerProcess: number;
  /** Levels of the page tables, 3 to 5; an index has as many bits as a huge page has orders. */
  readonly levels: number;
  /** Most page-table pages of a process; 4096, or as many as there can be, unless given. */
  readonly tables?: number;
}

export type MachineOperation =
  /** A process that was there from the start. */
  | { readonly kind: "spawn"; readonly process: number }
  /** Pages [first, end) become an area of anonymous memory. */
  | {
      readonly kind: "map";
      readonly process: number;
      readonly area: number;
      readonly first: number;
      readonly end: number;
    }
  /** Contiguity-aware paging for a process, on or off (1.1); fork inherits it. */
  | { readonly kind: "enable"; readonly process: number; readonly on: boolean }
  /** First touch of a page, as a page (order 0) or a huge page. */
  | {
      readonly kind: "fault";
      readonly process: number;
      readonly area: number;
      readonly page: number;
      readonly order: number;
    }
  /** Write to a small page that fork left shared: the writer gets a frame of its own (1.10). */
  | { readonly kind: "copy"; readonly process: number; readonly area: number; readonly page: number }
  /** The leaf that covers the page goes. */
  | { readonly kind: "unmap"; readonly process: number; readonly page: number }
  | { readonly kind: "fork"; readonly parent: number; readonly child: number }
  | { readonly kind: "exit"; readonly process: number }
  /** The kernel takes a block of its own. */
  | { readonly kind: "take"; readonly order: number }
  /** The kernel gives the block back that begins at a frame. */
  | { readonly kind: "give"; readonly frame: number };

export type MachineOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "frame"; readonly frame: number; readonly order: number; readonly way: Way }
  /** No memory. `endless`: the kernel would try again for ever. */
  | { readonly kind: "none"; readonly endless: boolean }
  | { readonly kind: "fatal"; readonly assertion: string };
