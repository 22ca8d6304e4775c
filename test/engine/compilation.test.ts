/** V8's flags are set only where they are known and were measured, and put back to what that version has by default. */
import { spawnSync } from "node:child_process";
import v8 from "node:v8";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { inliningLittle, optimisingLate, type Settings, settingsOf } from "../../properties/engine/compilation.js";

const HERE = settingsOf(process.versions.v8);
const WAYS = { sampling: inliningLittle, searching: optimisingLate } as const;

/** The flags that this Node knows, with what it says of their defaults. */
function defaults(): ReadonlyMap<string, number> {
  const { stdout } = spawnSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  return new Map([...stdout.matchAll(/default: (--[\w-]+)=(\d+)$/gm)].map(([, flag, value]) => [flag!, Number(value)]));
}

describe("V8's settings", () => {
  it("are those of the version", () => {
    const flags = ({ sampling, searching }: Settings) => [sampling?.flag, searching?.flag];
    expect(flags(settingsOf("11.3.244.8-node.26"))).toEqual([
      "--max-inlined-bytecode-size-cumulative",
      "--interrupt-budget",
    ]);
    expect(flags(settingsOf("12.4.254.21-node.57"))).toEqual(["--max-inlined-bytecode-size-cumulative", undefined]);
    expect(settingsOf("13.6.233.17-node.63")).toEqual({});
    expect(settingsOf("99.0.1")).toEqual({});
  });

  it("are put back to what this Node has by default", () => {
    const known = defaults();
    expect(known.size).toBeGreaterThan(50);
    for (const { flag, byDefault } of Object.values(HERE)) expect(known.get(flag), flag).toBe(byDefault);
  });

  it.each(["check page-table --scope small-tables --runs 2", "check coherency --kernels 2 --profile lean"])(
    "are nothing that a user hears of: %s",
    (words) => {
      const { PATH = "" } = process.env;
      const args = ["bin/pagetwin.js", ...words.split(" ")];
      const { status, stderr } = spawnSync(process.execPath, args, { env: { PATH }, encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    },
  );
});

describe.each(["sampling", "searching"] as const)("V8's setting while %s", (occasion) => {
  const setting = HERE[occasion];
  const during = setting === undefined ? [] : [`${setting.flag}=${setting.chosen}`];
  const afterwards = setting === undefined ? [] : [...during, `${setting.flag}=${setting.byDefault}`];
  let set: MockInstance<typeof v8.setFlagsFromString>;

  beforeEach(() => {
    set = vi.spyOn(v8, "setFlagsFromString").mockImplementation(() => {});
  });
  afterEach(() => vi.restoreAllMocks());
  const said = () => set.mock.calls.map(([text]) => text);

  it("holds during the work and no longer", () => {
    expect(WAYS[occasion](() => said())).toEqual(during);
    expect(said()).toEqual(afterwards);
  });

  it("is put back when the work throws", () => {
    const work = () => {
      throw new Error("no more");
    };
    expect(() => WAYS[occasion](work)).toThrow("no more");
    expect(said()).toEqual(afterwards);
  });

  it.each([
    ["dashes", (flag: string) => flag],
    ["underscores", (flag: string) => `--${flag.slice("--".length).replaceAll("-", "_")}`],
  ])("is left to whoever says it to the process, with %s", (_, spelling) => {
    const { execArgv } = process;
    process.execArgv = [`${spelling(setting?.flag ?? "--unknown")}=1`];
    try {
      WAYS[occasion](() => {});
    } finally {
      process.execArgv = execArgv;
    }
    expect(said()).toEqual([]);
  });
});
