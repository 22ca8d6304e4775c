/** What CPUs have loaded and remember: I17, I21, I25, I37. */
import { DIRTY, NO_EXECUTE, PRESENT, WRITABLE } from "../../impl/page-table/entry.js";
import { NO_ROOT } from "../../impl/page-table/hardware.js";
import { RIGHT_EXECUTE, RIGHT_WRITE } from "../../impl/page-table/tlb.js";
import type { Memory } from "./memory.js";
import type { Shortcut, Translation } from "./remembered.js";
import { frameOfLeaf, type LeafWord } from "./trees.js";
import type { StateClaim } from "./view.js";

const rootsAreLive: StateClaim = {
  id: "I17",
  name: "rootsAreLive",
  why: "a CPU on a root that is not its process's walks through memory that others write",
  reads: ["processes", "cpus", "spaces", "pools"],
  violations({ memory }) {
    const broken: string[] = [];
    for (let cpu = 0; cpu < memory.layout.cpus; cpu++) {
      const slot = memory.slotOfCpu(cpu);
      const root = memory.loadedRoot(cpu);
      if (slot < 0) {
        if (root !== NO_ROOT) broken.push(`cpu ${cpu} is idle and has frame ${root} loaded`);
        continue;
      }
      if (!memory.roots(slot).includes(root))
        broken.push(`cpu ${cpu} runs space ${slot} on frame ${root}, which is none of its roots ${memory.roots(slot)}`);
      if (memory.isFreeTable(root)) broken.push(`cpu ${cpu} has frame ${root} loaded, which is free`);
    }
    return broken;
  },
};

const unreplicatedCpusRunOnHome: StateClaim = {
  id: "I21",
  name: "unreplicatedCpusRunOnHome",
  why: "after disable every other root is about to be freed",
  reads: ["processes", "cpus", "spaces"],
  violations({ memory }) {
    const broken: string[] = [];
    for (let cpu = 0; cpu < memory.layout.cpus; cpu++) {
      const slot = memory.slotOfCpu(cpu);
      if (slot < 0 || memory.isEnabled(slot)) continue;
      const root = memory.loadedRoot(cpu);
      if (root !== memory.rootFrame(slot))
        broken.push(
          `space ${slot} is not replicated, cpu ${cpu} runs on frame ${root}, home is frame ${memory.rootFrame(slot)}`,
        );
    }
    return broken;
  },
};

const rememberedTablesAreLive: StateClaim = {
  id: "I25",
  name: "rememberedTablesAreLive",
  why: "a walk from a remembered pointer to a freed table reads, and writes A into, somebody else's page",
  reads: ["processes", "cpus", "spaces", "links", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    for (let cpu = 0; cpu < memory.layout.cpus; cpu++) {
      const slot = memory.slotOfCpu(cpu);
      const shortcuts = memory.remembered.shortcuts(cpu);
      if (slot < 0) {
        if (shortcuts.length > 0) broken.push(`cpu ${cpu} is idle and remembers frame ${shortcuts[0]!.child}`);
        continue;
      }
      for (const shortcut of shortcuts) {
        const { level, page, child } = shortcut;
        if (!isLiveTable(memory, slot, shortcut))
          broken.push(
            `cpu ${cpu} remembers frame ${child} as the table of level ${level} over page ${page}; space ${slot} has no such table there`,
          );
      }
    }
    return broken;
  },
};

/** Whether a table of the space stands there; a member of the ring that no root leads to (W45) is kept like the others. */
function isLiveTable(memory: Memory, slot: number, { level, page, child }: Shortcut): boolean {
  for (const root of memory.roots(slot)) {
    for (const table of memory.tree(root).tables) {
      if (table.level !== level || table.page !== page) continue;
      if (table.frame === child || memory.ring(table.frame).includes(child)) return true;
    }
  }
  return false;
}

const translationsAreCovered: StateClaim = {
  id: "I37",
  name: "translationsAreCovered",
  why: "what a TLB permits and the tables forbid is an access to memory that may belong to others by now",
  reads: ["processes", "cpus", "spaces", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    for (let cpu = 0; cpu < memory.layout.cpus; cpu++) {
      const slot = memory.slotOfCpu(cpu);
      for (const translation of memory.remembered.translations(cpu)) {
        const refusal = slot < 0 ? "the CPU is idle" : forbidden(memory, slot, cpu, translation);
        if (refusal !== undefined)
          broken.push(`cpu ${cpu} translates page ${translation.page} to frame ${translation.frame}: ${refusal}`);
      }
    }
    return broken;
  },
};

/** Why the tables that the CPU walks no longer permit what its TLB does. */
function forbidden(memory: Memory, slot: number, cpu: number, translation: Translation): string | undefined {
  const loaded = memory.loadedRoot(cpu);
  if (!memory.layout.tables.isTableFrame(loaded)) return `root frame ${loaded} is no table`;
  const leaf = memory
    .tree(loaded)
    .leaves.find(({ page, level }) => page === translation.page && level === translation.level);
  if (leaf === undefined || (leaf.low & PRESENT) === 0) return "there is no such leaf";
  if (frameOfLeaf(leaf) !== translation.frame) return `the leaf names frame ${frameOfLeaf(leaf)}`;
  if ((translation.rights & RIGHT_WRITE) !== 0 && (leaf.low & WRITABLE) === 0) return "the leaf is not writable";
  if ((translation.rights & RIGHT_EXECUTE) !== 0 && (leaf.high & NO_EXECUTE) !== 0) return "the leaf is not executable";
  // A write through a slot with D goes unnoticed: some copy must say that the page is dirty already.
  if (translation.dirty && !isDirtySomewhere(memory, slot, leaf)) return "the page is clean, and writes would not show";
  return undefined;
}

function isDirtySomewhere(memory: Memory, slot: number, leaf: LeafWord): boolean {
  return memory
    .roots(slot)
    .some((root) =>
      memory
        .tree(root)
        .leaves.some(({ page, level, low }) => page === leaf.page && level === leaf.level && (low & DIRTY) !== 0),
    );
}

export const cpuInvariants: readonly StateClaim[] = [
  rootsAreLive,
  unreplicatedCpusRunOnHome,
  rememberedTablesAreLive,
  translationsAreCovered,
];
