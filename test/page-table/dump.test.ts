import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { walk } from "../../cli/walk.js";
import { dumpedLeaves, parseCr3, parseDump } from "../../impl/page-table/dump.js";

const GUEST = new URL("./fixtures/qemu-x86/level4/", import.meta.url);
const fixture = (name: string): string => new URL(name, GUEST).pathname;
const unpacked = async (name: string): Promise<Buffer> => gunzipSync(await readFile(fixture(name)));

async function guestRoots(): Promise<readonly string[]> {
  const registers = await readFile(fixture("registers.txt"), "utf8");
  return [...registers.matchAll(/CR3=([0-9a-f]{16})/g)].map((match) => match[1]!);
}

async function printed(options: Parameters<typeof walk>[0]): Promise<string> {
  let text = "";
  expect(
    await walk(options, (part) => {
      text += part;
    }),
  ).toBe(0);
  return text;
}

describe("the page tables of a running Linux guest", () => {
  it.each([0, 1, 2, 3])("print as the emulator prints them, cpu %i", async (cpu) => {
    const cr3 = (await guestRoots())[cpu]!;
    const text = await printed({ tables: fixture("pagetables.bin.gz"), cr3, levels: "4" });
    const expected = (await unpacked(`cpu${cpu}-tlb.txt.gz`)).toString();
    const [found, wanted] = [text.split("\n"), expected.split("\n")];
    expect(wanted.length).toBeGreaterThan(10_000);
    expect(found.filter((line, i) => line !== wanted[i])).toEqual([]);
    expect(text).toBe(expected);
  });

  it.each([0, 3])("translate as the emulator translates, cpu %i", async (cpu) => {
    const dump = parseDump(await unpacked("pagetables.bin.gz"));
    const leaves = [...dumpedLeaves(dump, parseCr3((await guestRoots())[cpu]!), 4)].map((line) => {
      const [, va, pa, flags] = /^(\S+): (\S+) (\S+)$/.exec(line)!;
      return { va: BigInt(`0x${va}`), pa: BigInt(`0x${pa}`), size: flags![2] === "P" ? 0x200000n : 0x1000n };
    });
    const asked = (await readFile(fixture(`cpu${cpu}-gva2gpa.txt`), "utf8")).trim().split("\n");
    expect(asked.length).toBe(6);
    for (const line of asked) {
      const [, address, answer] = /^(0x[0-9a-f]+) (?:gpa: )?(\S+)/.exec(line)!;
      const leaf = leaves.find(({ va, size }) => BigInt(address!) >= va && BigInt(address!) < va + size);
      const found = leaf === undefined ? "Unmapped" : `0x${(leaf.pa + BigInt(address!) - leaf.va).toString(16)}`;
      expect(`${address} ${found}`).toBe(`${address} ${answer === "0" ? "0x0" : answer}`);
    }
  });
});

/** A dump made entry by entry: address of the table, index, the 64 bits. */
function dumpOf(tables: Record<number, Record<number, bigint>>): Buffer {
  const records = Object.entries(tables).map(([address, entries]) => {
    const record = Buffer.alloc(4104);
    record.writeBigUInt64LE(BigInt(address));
    for (const [index, entry] of Object.entries(entries)) record.writeBigUInt64LE(entry, 8 + 8 * Number(index));
    return record;
  });
  return Buffer.concat(records);
}

const XD = 1n << 63n;

describe("five levels", () => {
  const dump = parseDump(
    dumpOf({
      4096: { 0: 0x2003n, 255: 0x2003n, 256: 0x2067n, 511: 0x2003n },
      8192: { 511: 0x3003n },
      // Level 3: a 1 GiB leaf with PAT (bit 12), global, and address bits up to 49.
      12288: { 0: 0x2_0000_4000_1183n | XD, 1: 0x4003n, 2: 0x5002n },
      // Level 2: a 2 MiB leaf with cache-disable and write-through, and a table.
      16384: { 5: 0x60_009fn, 511: 0x5007n },
      // Level 1: bit 7 is PAT and does not show; bits 50 and 51 are cut off; software bits do not show.
      20480: { 0: 0xc_0000_0000_7e80n | 0x67n, 511: XD | 0x7f0_0000_0000_0000n | 0x9e01n },
    }),
  );
  // Entry 511 of level 4 below each of the root's entries 0, 255, 256 and 511.
  const below = [
    "ff8000000000: 0002000040000000 XGP-----W",
    "ff8040a00000: 0000000000600000 --P--CTUW",
    "ff807fe00000: 0000000000007000 ---DA--UW",
    "ff807ffff000: 0000000000009000 X--------",
  ];

  it("extends the sign from bit 56, prints all sizes, and hides what the emulator hides", () => {
    const expected = ["0000", "00ff", "ff00", "ffff"].flatMap((upper) => below.map((line) => upper + line));
    expect([...dumpedLeaves(dump, parseCr3("0x8000000000001fff"), 5)]).toEqual(expected);
  });

  it("reads the same tables with four levels from the table below the root", () => {
    expect([...dumpedLeaves(dump, 0x2000, 4)]).toEqual(below.map((line) => `ffff${line}`));
  });
});

describe("bad input", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pagetwin-walk-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const good = dumpOf({ 4096: { 0: 0x2003n }, 8192: {} });
  const cases: readonly (readonly [string, Uint8Array | undefined, string, string, string])[] = [
    ["no file", undefined, "1000", "4", "cannot be read (ENOENT)"],
    ["an empty file", new Uint8Array(0), "1000", "4", "length is 0 bytes: expected a multiple of 4104"],
    ["a cut file", good.subarray(0, 5000), "1000", "4", "length is 5000 bytes: expected a multiple of 4104"],
    ["a cut gzip file", gzipSync(good).subarray(0, 30), "1000", "4", "damaged or truncated gzip (Z_BUF_ERROR)"],
    [
      "the same record twice",
      Buffer.concat([good, good.subarray(4104)]),
      "1000",
      "4",
      "record 3 (byte 8208): address 0x2000 comes twice",
    ],
    [
      "unsorted records",
      Buffer.concat([good.subarray(4104), good.subarray(0, 4104)]),
      "1000",
      "4",
      "address 0x1000 comes after 0x2000",
    ],
    [
      "an address within a page",
      dumpOf({ 4104: {} }),
      "1000",
      "4",
      "record 1 (byte 0): address is 0x1008: expected a page address",
    ],
    ["a CR3 that is not a number", good, "1g", "4", '--cr3 is "1g": expected 1 to 16 hexadecimal digits'],
    ["a root that is not there", good, "5000", "4", "the root table 0x5000 of CR3 is not in the dump"],
    [
      "a table that is not there",
      dumpOf({ 4096: { 7: 0x3003n } }),
      "1000",
      "4",
      "entry 7 of the level 4 table 0x1000 points to 0x3000, which is not in the dump",
    ],
    ["six levels", good, "1000", "6", '--levels is "6": expected 4 or 5'],
  ];

  it.each(cases)("is refused in one line: %s", async (name, content, cr3, levels, message) => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.bin`);
    if (content !== undefined) await writeFile(file, content);
    let written = "";
    const failure = await walk({ tables: file, cr3, levels }, (text) => {
      written += text;
    }).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: "PagetwinError" });
    const line = (failure as Error).message;
    expect(line).toContain(message);
    expect(line).not.toContain("\n");
    if (!/--cr3 is|--levels/.test(message)) expect(line.startsWith(`${file}: `)).toBe(true);
    expect(written).toBe("");
  });

  it("a table that points to itself is walked, and comes to an end", async () => {
    const file = join(folder, "recursive.bin");
    await writeFile(file, dumpOf({ 4096: { 511: 0x1003n } }));
    expect(await printed({ tables: file, cr3: "1000", levels: "4" })).toBe(
      "fffffffffffff000: 0000000000001000 --------W\n",
    );
  });
});
