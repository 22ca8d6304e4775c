import { describe, expect, it } from "vitest";
import * as impl from "../../impl/page-table/entry.js";
import {
  leafHighFlags,
  leafLowFlags,
  leafReport,
  losesRights,
  rightsHigh,
  rightsLow,
  rightsOf,
} from "../../impl/page-table/leaf-words.js";
import { decode, encode, type Leaf, type Pointer, withRights } from "../../model/page-table/entry.js";
import { report } from "../../model/page-table/kernel.js";
import { geometry } from "../../vocabulary/geometry.js";
import { RIGHTS, type Rights } from "../../vocabulary/page-table/access.js";
import { FLAG_NAMES, type FlagName, USER_PAGE } from "../../vocabulary/page-table/entry.js";

const machine = geometry({});
const FRAMES = [0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 31 + 5, 2 ** 40 - 1] as const;
const LEAF_FLAGS = [
  "present",
  "writable",
  "user",
  "writeThrough",
  "cacheDisable",
  "accessed",
  "dirty",
  "pat",
  "global",
  "noExecute",
] as const;

/** Every combination of the ten flags. */
function* everyLeaf(frame: number, available: number, key: number): Iterable<Leaf> {
  for (let bits = 0; bits < 2 ** LEAF_FLAGS.length; bits++) {
    const flags = Object.fromEntries(LEAF_FLAGS.map((name, i) => [name, Math.floor(bits / 2 ** i) % 2 === 1]));
    yield { kind: "leaf", frame, available, key, ...flags } as unknown as Leaf;
  }
}

const unsigned = (word: number): number => word >>> 0;

describe("entries", () => {
  it("mean the same in both twins: every flag combination, extreme frames, every level", () => {
    let compared = 0;
    for (const level of [1, 2, 3]) {
      for (const wanted of FRAMES) {
        const span = 512 ** (level - 1);
        const frame = Math.floor(wanted / span) * span;
        for (const leaf of everyLeaf(frame, wanted % 256, wanted % 16)) {
          const { low, high } = encode(level, leaf);
          expect(decode(machine, level, { low, high })).toEqual(leaf);
          compared++;
          const found = leafReport(level, low | 0, high | 0);
          const wantedReport = report(level, leaf);
          if (JSON.stringify(found) !== JSON.stringify(wantedReport)) expect(found).toEqual(wantedReport);
          if (impl.leafFrame(level, low | 0, high | 0) !== frame)
            expect.unreachable(`frame ${frame} of level ${level}`);
          if (impl.isPresent(low | 0) !== leaf.present) expect.unreachable("present");
          if (!impl.isInstalled(low | 0)) expect.unreachable("installed");
          if (!impl.isLeaf(level, low | 0) || (level > 1 && impl.leadsOn(low | 0))) expect.unreachable("leaf");
        }
      }
    }
    expect(compared).toBe(3 * FRAMES.length * 1024);
  });

  it("are built by the implementation as the reference writes them down", () => {
    for (const level of [1, 2, 3] as const) {
      for (const rights of RIGHTS.filter((each) => each !== "---")) {
        for (const leaf of everyLeaf(2 ** 39 + 512 ** (level - 1), 0b1010_0101, 9)) {
          if (leaf.accessed || leaf.dirty || !leaf.present) continue;
          const wanted = encode(level, withRights(leaf, rights));
          const low = impl.lowWord(leaf.frame, leafLowFlags(level, rights, leaf));
          const high = impl.highWord(leaf.frame, leafHighFlags(rights, leaf));
          expect([unsigned(low), unsigned(high)]).toEqual([wanted.low, wanted.high]);
        }
      }
    }
  });

  it("change their rights alike, and protection none changes the low word alone (W26)", () => {
    for (const leaf of everyLeaf(77, 3, 0)) {
      const words = encode(1, leaf);
      for (const rights of RIGHTS) {
        const wanted = encode(1, withRights(leaf, rights));
        const found = [rightsLow(words.low | 0, rights), rightsHigh(words.high | 0, rights)];
        expect(found.map(unsigned)).toEqual([wanted.low, wanted.high]);
        expect(rightsOf(found[0]!, found[1]!)).toBe(rights);
        if (rights === "---") expect(wanted.high).toBe(words.high);
      }
    }
  });

  it("point to tables alike", () => {
    for (const table of [0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 31 - 1]) {
      for (let bits = 0; bits < 16; bits++) {
        const [writable, user, noExecute, accessed] = [1, 2, 4, 8].map((place) => (bits & place) !== 0) as [
          boolean,
          boolean,
          boolean,
          boolean,
        ];
        const pointer: Pointer = { kind: "pointer", table, writable, user, noExecute, accessed };
        const { low, high } = encode(4, pointer);
        expect(decode(machine, 4, { low, high })).toEqual(pointer);
        expect(impl.leadsOn(low | 0)).toBe(true);
        expect(impl.tableFrameOf(low | 0, high | 0)).toBe(table);
        expect(impl.frameOf(low | 0, high | 0)).toBe(table);
      }
    }
  });

  it("have their single bits where the manual has them", () => {
    const places: Record<FlagName, readonly [low: number, high: number]> = {
      present: [impl.PRESENT, 0],
      writable: [impl.WRITABLE, 0],
      user: [impl.USER, 0],
      writeThrough: [impl.WRITE_THROUGH, 0],
      cacheDisable: [impl.CACHE_DISABLE, 0],
      accessed: [impl.ACCESSED, 0],
      dirty: [impl.DIRTY, 0],
      large: [impl.LARGE, 0],
      global: [impl.GLOBAL, 0],
      protNone: [impl.PROT_NONE, 0],
      moving: [impl.MOVING, 0],
      available11: [impl.AVAILABLE_11, 0],
      pat: [impl.PAT_LARGE, 0],
      noExecute: [0, impl.NO_EXECUTE],
    };
    const bits = FLAG_NAMES.map((name) => (places[name][0] !== 0 ? Math.log2(places[name][0]) : 63));
    expect(bits).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 63]);
    expect(impl.PAT_SMALL).toBe(1 << 7);
  });

  it("lose rights exactly where a letter becomes a dash", () => {
    const losing = RIGHTS.flatMap((before) =>
      RIGHTS.filter((after) => losesRights(before, after)).map((after): readonly [Rights, Rights] => [before, after]),
    );
    expect(losing.map(([before, after]) => `${before}>${after}`)).toEqual([
      "r-->---",
      "rw->---",
      "rw->r--",
      "rw->r-x",
      "r-x>---",
      "r-x>r--",
      "r-x>rw-",
      "rwx>---",
      "rwx>r--",
      "rwx>rw-",
      "rwx>r-x",
    ]);
  });

  it("keep the attributes of an ordinary user page", () => {
    const low = impl.lowWord(5, leafLowFlags(1, "rw-", USER_PAGE));
    expect([unsigned(low), unsigned(impl.highWord(5, leafHighFlags("rw-", USER_PAGE)))]).toEqual([0x5007, 0x8000_0000]);
  });
});
