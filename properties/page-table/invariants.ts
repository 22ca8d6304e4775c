/** What holds in every state of the stand-alone page-table system, said of the implementation's words. */
import { ACCESSED, DIRTY, isPresent, leadsOn, leafFrame, tableFrameOf, USER } from "../../impl/page-table/entry.js";
import { SLOT_WORDS } from "../../impl/page-table/layout.js";
import { rightsOf } from "../../impl/page-table/leaf-words.js";
import type { PageTable } from "../../impl/page-table/page-table.js";
import type { Invariant } from "../engine/system.js";
import { pointerOf, tlbEntryOf } from "./meaning.js";

type Claim = Invariant<PageTable>;

/** Every table that a walk from the root can reach, with its level and how many entries are not zero. */
function* reachable(
  system: PageTable,
): Iterable<{ readonly table: number; readonly level: number; readonly filled: number }> {
  const waiting: { table: number; level: number }[] = [{ table: system.root, level: system.layout.levels }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { table, level } = next;
    let filled = 0;
    for (let index = 0; index < system.layout.entriesPerTable; index++) {
      const entry = system.layout.entryIndex(table, index);
      const low = system.entries.low(entry);
      if (low !== 0) filled++;
      if (level > 1 && leadsOn(low)) {
        const child = tableFrameOf(low, system.entries.high(entry));
        if (!system.layout.isTableFrame(child))
          throw new Error(`table ${table} entry ${index} points to frame ${child}`);
        waiting.push({ table: child, level: level - 1 });
      }
    }
    yield { table, level, filled };
  }
}

function* tableFrames(system: PageTable): Iterable<number> {
  for (const node of system.layout.geometry.onlineNodes) {
    const first = system.layout.firstTableFrame(node);
    for (let frame = first; frame < first + system.layout.geometry.tableFrames; frame++) yield frame;
  }
}

const framesAreFreeOrTables: Claim = {
  id: "I22",
  name: "framesAreFreeOrTables",
  why: "a frame that is neither has leaked; one that is both will be handed out while the hardware walks it",
  *violations(system) {
    const tables = new Map<number, number>();
    for (const { table } of reachable(system)) tables.set(table, (tables.get(table) ?? 0) + 1);
    for (const frame of tableFrames(system)) {
      const uses = (tables.get(frame) ?? 0) + (system.tables.isFree(frame) ? 1 : 0);
      if (uses !== 1) yield `table frame ${frame} has ${uses} uses (free, or a table in one place)`;
    }
  },
};

const freeCountsAreExact: Claim = {
  id: "I3",
  name: "freeCountsAreExact",
  why: "two pools with the same free frames must be the same words, and an allocation trusts the count",
  *violations(system) {
    for (const node of system.layout.geometry.onlineNodes) {
      const first = system.layout.firstTableFrame(node);
      let free = 0;
      for (let i = 0; i < system.layout.geometry.tableFrames; i++) if (system.tables.isFree(first + i)) free++;
      const counted = system.tables.freeCount(node);
      if (counted !== free) yield `node ${node} counts ${counted} free table frames and has ${free}`;
    }
  },
};

const freeFramesAreZero: Claim = {
  id: "I23",
  name: "freeFramesAreZero",
  why: "a table is published as it comes from the pool; what is left in it would be mapped",
  *violations(system) {
    for (const frame of tableFrames(system)) {
      if (!system.tables.isFree(frame)) continue;
      const first = system.layout.tableIndex(frame);
      for (let word = 0; word < system.layout.tableWords; word++) {
        const value = system.memory.load("invariant", first + word);
        if (value !== 0) yield `free frame ${frame}, word ${word} holds ${value}`;
      }
    }
  },
};

const noTableIsEmpty: Claim = {
  id: "W34",
  name: "noTableIsEmpty",
  why: "an empty table maps nothing and costs a frame; nobody would ever take it back",
  *violations(system) {
    for (const { table, level, filled } of reachable(system)) {
      if (filled === 0 && table !== system.root) yield `table ${table} of level ${level} is empty`;
    }
  },
};

const translationsAreAllowed: Claim = {
  id: "I37",
  name: "translationsAreAllowed",
  why: "after an operation and its flush, no CPU may still do what the table forbids, or reach another frame",
  *violations(system) {
    const { layout, entries } = system;
    for (let cpu = 0; cpu < layout.cpus; cpu++) {
      for (let slot = 0; slot < layout.geometry.tlbSlots; slot++) {
        const known = tlbEntryOf(system, layout.tlbIndex(cpu) + slot * SLOT_WORDS);
        if (known === undefined) continue;
        const entry = entries.find(system.root, known.page);
        const low = entries.low(entry);
        const high = entries.high(entry);
        const where = `cpu ${cpu} remembers page ${known.page}, level ${known.level}`;
        if (!isPresent(low) || entries.level !== known.level) {
          yield `${where}: the table has ${isPresent(low) ? `a leaf of level ${entries.level}` : "no leaf"} there`;
          continue;
        }
        const frame = leafFrame(entries.level, low, high);
        if (frame !== known.frame) yield `${where}: frame ${known.frame}, the table has ${frame}`;
        const rights = rightsOf(low, high);
        if (known.writable && rights[1] !== "w") yield `${where}: writable, the table has ${rights}`;
        if (known.executable && rights[2] !== "x") yield `${where}: executable, the table has ${rights}`;
        if (known.user && (low & USER) === 0) yield `${where}: for user code, the table forbids it`;
      }
    }
  },
};

const cachedMarksAreInTheTable: Claim = {
  id: "I12",
  name: "cachedMarksAreInTheTable",
  why: "a CPU that believes A and D are set will never set them again, so they must be",
  *violations(system) {
    const { layout, entries } = system;
    for (let cpu = 0; cpu < layout.cpus; cpu++) {
      for (let slot = 0; slot < layout.geometry.tlbSlots; slot++) {
        const known = tlbEntryOf(system, layout.tlbIndex(cpu) + slot * SLOT_WORDS);
        if (known === undefined) continue;
        const marks = markNames(entries.low(entries.find(system.root, known.page)));
        if (!marks.includes("A")) yield `cpu ${cpu} remembers page ${known.page}, whose leaf has A clear`;
        if (known.dirty && !marks.includes("D")) yield `cpu ${cpu} remembers page ${known.page} as written, D is clear`;
      }
    }
  },
};

const cachedPointersLeadWhereTablesDo: Claim = {
  id: "I25",
  name: "cachedPointersLeadWhereTablesDo",
  why: "a cached pointer is walked without looking: the table it names must still be that table",
  *violations(system) {
    const { layout, entries } = system;
    for (let cpu = 0; cpu < layout.cpus; cpu++) {
      for (let level = 2; level <= layout.levels; level++) {
        for (let slot = 0; slot < layout.geometry.walkCacheSlots; slot++) {
          const known = pointerOf(system, layout.walkCacheIndex(cpu, level) + slot * SLOT_WORDS, level);
          if (known === undefined) continue;
          const entry = entries.entryAt(system.root, known.prefix * layout.span(level), level);
          const low = entry < 0 ? 0 : entries.low(entry);
          const named = leadsOn(low) ? tableFrameOf(low, entries.high(entry)) : "nothing";
          if (named !== known.table) {
            yield `cpu ${cpu} remembers table ${known.table} for prefix ${known.prefix} of level ${level}, the table has ${named}`;
          }
        }
      }
    }
  },
};

/** A and D of an entry's low word, as letters. */
export function markNames(low: number): string {
  return `${(low & ACCESSED) !== 0 ? "A" : ""}${(low & DIRTY) !== 0 ? "D" : ""}`;
}

export const invariants: readonly Claim[] = [
  framesAreFreeOrTables,
  freeCountsAreExact,
  freeFramesAreZero,
  noTableIsEmpty,
  translationsAreAllowed,
  cachedPointersLeadWhereTablesDo,
  cachedMarksAreInTheTable,
];
