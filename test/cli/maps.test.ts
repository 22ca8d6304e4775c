import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseMaps, readMaps } from "../../cli/maps.js";

const GOOD = `55d0c8a00000-55d0c8a25000 r-xp 00000000 08:01 131090                     /usr/bin/a name with spaces
55d0c8c00000-55d0c8c01000 rw-p 00000000 00:00 0
7f0000000000-7f0000002000 ---p 00000000 00:00 0
7f0000002000-7f0000003000 -w-s 00001000 00:0e 77                         /dev/shm/x (deleted)
7ffe00000000-7ffe00021000 rwxp 00000000 00:00 0                          [stack]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
`;

describe("an address-space layout", () => {
  it("is read region by region; what lies in the kernel's half is counted and left out", () => {
    const { regions, skipped } = parseMaps(GOOD, "maps");
    expect(skipped).toBe(1);
    expect(regions).toEqual([
      { page: 0x55d0c8a00, pages: 0x25, rights: "r-x", sharing: "private", name: "/usr/bin/a name with spaces" },
      { page: 0x55d0c8c00, pages: 1, rights: "rw-", sharing: "private", name: "" },
      { page: 0x7f0000000, pages: 2, rights: "---", sharing: "private", name: "" },
      { page: 0x7f0000002, pages: 1, rights: "rw-", sharing: "shared", name: "/dev/shm/x (deleted)" },
      { page: 0x7ffe00000, pages: 0x21, rights: "rwx", sharing: "private", name: "[stack]" },
    ]);
  });

  it.runIf(process.platform === "linux")("of this very process can be read", () => {
    const { regions } = readMaps("/proc/self/maps");
    expect(regions.length).toBeGreaterThan(20);
    expect(regions.some(({ name }) => name === "[stack]")).toBe(true);
  });

  const [first = "", second = ""] = GOOD.split("\n");
  it.each([
    ["nonsense", 'maps:1: "nonsense", expected START-END PERMISSIONS OFFSET DEVICE INODE [NAME]'],
    ["\u001b[2J\u0000", 'maps:1: "?[2J?", expected START-END'],
    [`${first}\n\n${second}\n`, 'maps:2: "", expected START-END'],
    [first.replace("r-xp", "r-xq"), "maps:1: "],
    [first.replace("55d0c8a00000", "55d0c8a00800"), "maps:1: address 55d0c8a00800, expected a multiple of 1000"],
    [
      first.replace("55d0c8a25000", "55d0c8a00000"),
      "maps:1: 55d0c8a00000-55d0c8a00000 is empty, expected START below END",
    ],
    [`${second}\n${first}\n`, "maps:2: the region begins before the one above ends, expected ascending regions"],
    ["", "maps: no region, expected at least one"],
    ["0".repeat(17) + first, "maps:1: "],
  ])("is refused with its line when it is %j", (text, message) => {
    expect(() => parseMaps(text, "maps")).toThrow(message);
  });

  it("that cannot be read is named with the reason", () => {
    const folder = mkdtempSync(join(tmpdir(), "pagetwin-maps-"));
    writeFileSync(join(folder, "empty"), "");
    expect(() => readMaps(join(folder, "none"))).toThrow(
      "none: cannot be read (ENOENT), expected a file like /proc/PID/maps",
    );
    expect(() => readMaps(folder)).toThrow("cannot be read (EISDIR)");
    expect(() => readMaps(join(folder, "empty"))).toThrow("no region");
    expect(() => readMaps("/proc/4194305/maps")).toThrow(
      "/proc/4194305/maps: cannot be read (no process 4194305 is running)",
    );
    expect(() => readMaps("/dev/zero")).toThrow(
      "/dev/zero: more than 67108864 bytes, expected a file like /proc/PID/maps",
    );
    rmSync(folder, { recursive: true });
  });
});
