import { describe, expect, it } from "vitest";
import { PlainPort } from "../../impl/memory-port.js";
import { EntryMemory } from "../../impl/page-table/entry-memory.js";
import { Hardware } from "../../impl/page-table/hardware.js";
import { TableLayout } from "../../impl/page-table/layout.js";
import { decode } from "../../model/page-table/entry.js";
import { access } from "../../model/page-table/hardware.js";
import { initial, type State } from "../../model/page-table/state.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import { ACCESSES, SUPERVISOR } from "../../vocabulary/page-table/access.js";
import { FAULT_LEVEL, FAULT_REASONS } from "../../vocabulary/page-table/fault.js";

/** Three levels of one bit; page 5 goes through table 0 entry 1, table 1 entry 0, table 2 entry 1. */
const machine = geometry({
  levels: 3,
  indexBits: 1,
  kernelRootEntries: 0,
  nodes: 1,
  cpusPerNode: 1,
  tableFrames: 3,
  dataFrames: 0,
  tlbSlots: 2,
  walkCacheSlots: 1,
  physicalAddressBits: 40,
});
const PAGE = 5;
const PATH = [
  { level: 3, table: 0, index: 1 },
  { level: 2, table: 1, index: 0 },
  { level: 1, table: 2, index: 1 },
] as const;

type Entries = readonly (readonly [low: number, high: number])[];

function hardwareWith(
  shape: Geometry,
  entries: Entries,
): { readonly hardware: Hardware; readonly memory: EntryMemory } {
  const layout = new TableLayout(shape);
  const port = new PlainPort(new Int32Array(layout.words));
  const memory = new EntryMemory(port, layout);
  const hardware = new Hardware(port, layout);
  hardware.initialise();
  hardware.loadRoot(0, 0);
  PATH.forEach(({ table, index }, i) => {
    memory.set(layout.entryIndex(table, index), entries[i]![0], entries[i]![1]);
  });
  return { hardware, memory };
}

/** The reference's state with the same entries; undefined where one of them is reserved, and the level of that one. */
function stateWith(entries: Entries): State | { readonly reserved: number } {
  const tables: Record<number, Record<number, object>> = { 0: {}, 1: {}, 2: {} };
  for (const [i, { level, table, index }] of PATH.entries()) {
    const entry = decode(machine, level, { low: entries[i]![0] >>> 0, high: entries[i]![1] >>> 0 });
    if (entry.kind === "reserved") return { reserved: level };
    if (entry.kind === "empty") break;
    tables[table]![index] = entry;
    if (entry.kind === "leaf") break;
  }
  const state = initial(machine);
  return { ...state, tables, cpus: [{ ...state.cpus[0]!, root: 0 }] } as State;
}

const said = (answer: number): string =>
  answer >= 0 ? `frame ${answer}` : `${FAULT_REASONS[-answer % FAULT_LEVEL]} ${Math.floor(-answer / FAULT_LEVEL)}`;

describe("a hardware walk", () => {
  it("combines P, W, U, XD and PS of all three levels as the reference does, first and second time", () => {
    const flags = [0x0, 0x1, 0x3, 0x5, 0x7, 0x87] as const;
    const outcomes = new Map<string, number>();
    for (const a of flags)
      for (const b of flags)
        for (const c of flags)
          for (let xd = 0; xd < 8; xd++) {
            const entries: Entries = [
              [0x1000 | a, xd & 1 ? 1 << 31 : 0],
              [0x2000 | b, xd & 2 ? 1 << 31 : 0],
              [0x9000 | c, xd & 4 ? 1 << 31 : 0],
            ];
            const state = stateWith(entries);
            for (const kind of ACCESSES)
              for (const mode of ["user", "supervisor"] as const) {
                const { hardware } = hardwareWith(machine, entries);
                const code = ACCESSES.indexOf(kind) + (mode === "user" ? 0 : 4);
                if ("reserved" in state) {
                  const answer = said(hardware.access(0, PAGE, code));
                  if (answer !== `reserved ${state.reserved}`)
                    expect.unreachable(`${answer} for ${JSON.stringify(entries)}`);
                  outcomes.set("reserved", (outcomes.get("reserved") ?? 0) + 1);
                  continue;
                }
                let expected = access(state, 0, PAGE - 8 + 2 ** 52, kind, mode);
                for (let time = 0; time < 2; time++) {
                  const found = said(hardware.access(0, PAGE, code));
                  const { outcome } = expected;
                  const wanted =
                    outcome.kind === "translated"
                      ? `frame ${outcome.frame}`
                      : outcome.kind === "fault"
                        ? `${outcome.reason} ${outcome.level}`
                        : "";
                  if (found !== wanted)
                    expect.unreachable(
                      `${found} instead of ${wanted} for ${JSON.stringify(entries)}, ${kind} as ${mode}`,
                    );
                  const name = outcome.kind === "fault" ? outcome.reason : outcome.kind;
                  outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
                  expected = access(expected.state, 0, PAGE - 8 + 2 ** 52, kind, mode);
                }
              }
          }
    expect([...outcomes.keys()].sort()).toEqual(["execute", "not-present", "reserved", "translated", "user", "write"]);
  });

  it("faults on every reserved bit, and on no other, as the reference reads them", () => {
    for (const { level } of PATH)
      for (let bit = 12; bit < 52; bit++) {
        // One bit set in an otherwise good path: an address bit of the entry of this level, PS for levels that could be leaves.
        for (const large of [0, 0x80]) {
          const entries: [number, number][] = [
            [0x1007, 0],
            [0x2007, 0],
            [0x9007, 0],
          ];
          const at = 3 - level;
          entries[at] = [large | 7 | (bit < 32 ? 1 << bit : 0), bit < 32 ? 0 : 1 << (bit - 32)];
          const state = stateWith(entries);
          const reserved = "reserved" in state && state.reserved === level;
          // A good pointer elsewhere leads out of the table memory; only what faults may be walked.
          if (!reserved && level > 1 && large === 0) continue;
          const { hardware } = hardwareWith(machine, entries);
          expect(`${level}.${bit}.${large} ${said(hardware.access(0, PAGE, 0)).startsWith("reserved")}`).toBe(
            `${level}.${bit}.${large} ${reserved}`,
          );
        }
      }
  });

  it("resumes from a remembered pointer with the rights of the whole way to it", () => {
    const flags = [0x1, 0x3, 0x5, 0x7] as const;
    let refused = 0;
    for (const a of flags)
      for (const b of flags)
        for (let xd = 0; xd < 4; xd++)
          for (let code = 0; code < 3 + 4; code++) {
            if (code === 3) continue; // no kind of access
            const entries: Entries = [
              [0x1000 | a, xd & 1 ? 1 << 31 : 0],
              [0x2000 | b, xd & 2 ? 1 << 31 : 0],
              [0x9007, 0],
            ];
            const { hardware, memory } = hardwareWith(machine, entries);
            const { layout } = hardware;
            memory.set(layout.entryIndex(2, 0), 0x8007, 0);
            // The kernel reads the page beside it, which shares all pointers with it and no slot of the TLB.
            expect(hardware.access(0, PAGE - 1, SUPERVISOR)).toBe(8);
            expect(hardware.walkCache.find(0, 2, layout.highOf(PAGE), layout.lowOf(PAGE, 1))).toBeGreaterThan(0);
            const resumed = said(hardware.access(0, PAGE, code));
            const whole = said(hardwareWith(machine, entries).hardware.access(0, PAGE, code));
            if (resumed !== whole)
              expect.unreachable(`${resumed} instead of ${whole} for ${JSON.stringify(entries)}, access ${code}`);
            if (!whole.startsWith("frame")) refused++;
          }
    expect(refused).toBeGreaterThan(100);
  });

  it("leaves nothing of a page that is invalidated: a CPU that knew no other is as it was at first", () => {
    const { hardware, memory } = hardwareWith(machine, [
      [0x1007, 0],
      [0x2007, 0],
      [0x9007, 0],
    ]);
    const { words } = memory.memory as PlainPort;
    const ofCpu = () =>
      words.slice(hardware.layout.cpuIndex(0), hardware.layout.cpuIndex(0) + hardware.layout.cpuStride);
    const before = ofCpu();
    expect(hardware.access(0, PAGE, 0)).toBe(9);
    expect(ofCpu()).not.toEqual(before);
    hardware.invalidate(0, PAGE);
    expect(ofCpu()).toEqual(before);
  });

  it("starts an entry over when its low word changes between the two looks (W14)", () => {
    const {
      memory,
      hardware: { layout },
    } = hardwareWith(machine, [
      [0x1007, 0],
      [0x2007, 0],
      [0x9007, 0],
    ]);
    const port = memory.memory as PlainPort;
    const leaf = layout.entryIndex(2, 1);
    let looks = 0;
    /** Replaces the leaf by one of another frame, non-present in between, while the walk stands between low and high. */
    class Meddling extends PlainPort {
      override load(label: string, index: number): number {
        if (label === "walk.high" && index === leaf + 1 && looks++ === 0) {
          memory.clear(leaf);
          memory.set(leaf, 0x5007, 3);
        }
        return super.load(label, index);
      }
    }
    const hardware = new Hardware(new Meddling(port.words), layout);
    expect(hardware.access(0, PAGE, 0)).toBe(3 * 2 ** 20 + 5);
    expect(looks).toBe(2);
  });

  it("never marks an entry that is cleared between the last look and the mark", () => {
    const {
      memory,
      hardware: { layout },
    } = hardwareWith(machine, [
      [0x1007, 0],
      [0x2007, 0],
      [0x9007, 0],
    ]);
    const leaf = layout.entryIndex(2, 1);
    class Clearing extends PlainPort {
      override compareExchange(label: string, index: number, expected: number, value: number): number {
        if (label === "walk.markLeaf") memory.clear(leaf);
        return super.compareExchange(label, index, expected, value);
      }
    }
    const hardware = new Hardware(new Clearing((memory.memory as PlainPort).words), layout);
    expect(said(hardware.access(0, PAGE, 1))).toBe("not-present 1");
    expect(memory.low(leaf)).toBe(0);
  });
});
