/**
 * The words of the machine on which contiguity-aware paging runs: processes with areas, their faults, fork and exit, over
 * the physical memory of one or more nodes. Exact meaning: docs/contiguity.md, 1.
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
  /** Most pages of a file that are read; no files unless given. */
  readonly filePages?: number;
  /** Slots of the table of command names, one per CPU; none unless given. */
  readonly nameSlots?: number;
}

export type MachineOperation =
  /** A process that was there from the start. */
  | { readonly kind: "spawn"; readonly process: number }
  /** Pages [first, end) become an area of anonymous memory, or of a file from its first page on. */
  | {
      readonly kind: "map";
      readonly process: number;
      readonly area: number;
      readonly first: number;
      readonly end: number;
      readonly file?: number;
    }
  /**
   * The call that switches it on (1.1). Option > 0: the list holds command names and replaces the table of names; < 0: it
   * holds processes, whose flag is set; 0: nothing happens.
   */
  | { readonly kind: "call"; readonly process: number; readonly option: number; readonly list: readonly number[] }
  /** A new program: the address space is empty, the flag follows from its name and its parent. Names begin with 1. */
  | { readonly kind: "exec"; readonly process: number; readonly name: number }
  /** Contiguity-aware paging for a process, on or off (1.1); fork inherits it. */
  | { readonly kind: "enable"; readonly process: number; readonly on: boolean }
  /** A process, which begins on node 0 or where its parent is, runs on a CPU of another node from now on. */
  | { readonly kind: "move"; readonly process: number; readonly node: number }
  /** First touch of a page, as a page (order 0) or a huge page. `node`: of the thread's CPU, if it is not the process's. */
  | {
      readonly kind: "fault";
      readonly process: number;
      readonly area: number;
      readonly page: number;
      readonly order: number;
      readonly node?: number;
    }
  /** A file of so many pages comes into being; its pages are not in memory yet. */
  | { readonly kind: "create"; readonly file: number; readonly pages: number }
  /** A process reads a page of a file ahead. */
  | {
      readonly kind: "read";
      readonly process: number;
      readonly file: number;
      readonly page: number;
      readonly node?: number;
    }
  /** A page of a file that nobody maps leaves memory. */
  | { readonly kind: "evict"; readonly file: number; readonly page: number }
  /** A file that no area maps goes, with its pages. */
  | { readonly kind: "delete"; readonly file: number }
  /** Write to a small page that fork left shared: the writer gets a frame of its own (1.10). */
  | {
      readonly kind: "copy";
      readonly process: number;
      readonly area: number;
      readonly page: number;
      readonly node?: number;
    }
  /** The leaf that covers the page goes. */
  | { readonly kind: "unmap"; readonly process: number; readonly page: number }
  | { readonly kind: "fork"; readonly parent: number; readonly child: number }
  | { readonly kind: "exit"; readonly process: number }
  /** The kernel takes a block of its own, from a CPU of a node: node 0 unless given. */
  | { readonly kind: "take"; readonly order: number; readonly node?: number }
  /** The kernel gives the block back that begins at a frame. */
  | { readonly kind: "give"; readonly frame: number };

export type MachineOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "frame"; readonly frame: number; readonly order: number; readonly way: Way }
  /** No memory. `endless`: the kernel would try again for ever. */
  | { readonly kind: "none"; readonly endless: boolean }
  | { readonly kind: "fatal"; readonly assertion: string };
