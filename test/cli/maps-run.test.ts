import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckOptions, check } from "../../cli/check.js";
import { costOf } from "../../model/replication/cost.js";
import type { AnySystem } from "../../properties/engine/any-system.js";
import { REGIONS_MAX, type Region, workloadOf } from "../../properties/replication/maps-workload.js";
import { replication } from "../../properties/replication/system.js";
import { evenLatency, predictWalks, traceOfTouches } from "../../properties/replication/walk-prediction.js";
import { costConfiguration, costMachine } from "../../vocabulary/replication/cost.js";
import { captured } from "./captured.js";

const MAPS = `00400000-00452000 r-xp 00000000 08:02 173521                             /usr/bin/program
00651000-00652000 r--p 00051000 08:02 173521                             /usr/bin/program
00652000-00655000 rw-p 00052000 08:02 173521                             /usr/bin/program
00e03000-00e24000 rw-p 00000000 00:00 0                                  [heap]
35b1800000-35b1820000 r-xp 00000000 08:02 135522                         /usr/lib64/ld-2.15.so
35b1a21000-35b1a22000 rw-s 00000000 00:05 4096                           /memfd:shared (deleted)
7ffb2c021000-7ffb30000000 ---p 00000000 00:00 0
7ffb30000000-7ffb38000000 rw-p 00000000 00:00 0
7fffb2c0d000-7fffb2c2e000 rw-p 00000000 00:00 0                          [stack]
ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0                  [vsyscall]
`;
const REGIONS = 9;
const PTE_BYTES = 4096;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pagetwin-layout-"));
  writeFileSync(join(folder, "maps"), MAPS);
});
afterAll(() => rmSync(folder, { recursive: true }));

const anySystem = replication as AnySystem;
const options = (): CheckOptions => ({
  seed: 1,
  runs: 1,
  findings: join(folder, "findings"),
  maps: [join(folder, "maps")],
  mapsOnly: true,
  pages: 48,
  json: true,
});
const documentOf = async (system: AnySystem, code: number, more: Partial<CheckOptions> = {}) => {
  const terminal = captured();
  expect(await check([system], { ...options(), ...more }, terminal)).toBe(code);
  const document = JSON.parse(terminal.outText);
  const schema = JSON.parse(readFileSync("docs/schemas/check-1.schema.json", "utf8"));
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
  validate(document);
  expect(validate.errors).toBeNull();
  expect(document.results).toHaveLength(1);
  return document.results[0];
};
const region = (page: number, pages: number, rights: Region["rights"] = "rw-"): Region => ({
  page,
  pages,
  rights,
  sharing: "private",
});

describe("the layout of a process as a workload", () => {
  it("is run by both twins, and told with its tables and the cost of its walks", async () => {
    const { verdict, layout, violations } = await documentOf(anySystem, 0);
    expect({ verdict, violations }).toEqual({ verdict: "held", violations: [] });
    expect(layout).toMatchObject({ regions: REGIONS, mapped: REGIONS, leftOut: 1, pages: 48, nodes: 4 });
    const { before, after } = layout.tables;
    // Seen from the layout: leaves of 2 MiB each, one table per GiB and per 512 GiB that has any.
    expect(before.pages).toMatchObject({ PGD: 1, PUD: 2, PMD: 4 });
    for (const level of ["PGD", "PUD", "PMD", "PTE"]) expect(after.pages[level]).toBe(4 * before.pages[level]);
    const pages = Object.values<number>(before.pages).reduce((sum, count) => sum + count);
    expect(before.bytes.reduce((sum: number, bytes: number) => sum + bytes)).toBe(pages * PTE_BYTES);
    expect(after.bytes).toEqual([1, 1, 1, 1].map(() => pages * PTE_BYTES));
    const { unreplicated, replicated, steered } = layout.walks;
    expect(replicated.remoteLeafLoads).toBe(0);
    expect(unreplicated.remoteLeafLoads).toBeGreaterThan(0);
    // 300 cycles more for each leaf that is loaded from another node.
    expect(unreplicated.walkCycles - replicated.walkCycles).toBe(300 * unreplicated.remoteLeafLoads);
    expect(steered).toEqual(replicated);
  });

  it("is told in words as well", async () => {
    const terminal = captured();
    await check([anySystem], { ...options(), json: false }, terminal);
    expect(terminal.outText.replace(/\s+/g, " ")).toContain(
      ": 9 regions, 1 above the user half left out, 48 pages touched on 4 nodes ",
    );
    expect(terminal.outText).toMatch(/pages +PGD +PUD +PMD +PTE +KiB, node 0 +KiB, node 1 .*\nunreplicated +1 +2 +4 /);
    expect(terminal.outText).toMatch(/\nremote leaf loads +\d+ +0 +0\nwalk cycles .*\nsteering 0 1 2 3 -1 -1 -1 -1\n/);
    expect(terminal.outText).toMatch(/I5 +replicasTranslateAlike +held/);
    expect(terminal.outText).not.toContain("refusalsChangeNothing"); // a claim about single steps, not judged here
  });

  it("takes latencies, and with them the nodes, from a file", async () => {
    const latency = join(folder, "latency");
    writeFileSync(latency, "280 580\n200 700\n");
    const { layout } = await documentOf(anySystem, 0, { latency });
    expect(layout.nodes).toBe(2);
    expect(layout.walks.steering).toEqual([0, 0, -1, -1, -1, -1, -1, -1]);
    expect(layout.walks.steered.walkCycles).toBeLessThan(layout.walks.replicated.walkCycles);
    for (const [text, message] of [
      ["280\n", "latency: 1 node, expected 2 to 8"],
      ["280 580\n0 0\n", "latency: node 1 is not measured, expected all to be"],
      ["280 x\n", "latency:1: "],
    ] as const) {
      writeFileSync(latency, text);
      await expect(check([anySystem], { ...options(), latency }, captured())).rejects.toThrow(message);
    }
  });

  it("ends at a violation, whose finding holds all that it takes", async () => {
    const broken: AnySystem = { ...anySystem, twin: (shape) => anySystem.twin(shape, "M1") };
    const { verdict, violations, layout } = await documentOf(broken, 1);
    expect(verdict).toBe("violated");
    expect(layout.tables.before).toBeDefined();
    expect(layout.tables.after).toBeUndefined();
    const finding = JSON.parse(readFileSync(violations[0].finding, "utf8"));
    const operations = [...finding.scope.setup, ...finding.steps.map((step: { operation: object }) => step.operation)];
    expect(operations.filter(({ kind }: { kind: string }) => kind === "map")).toHaveLength(REGIONS);
  });
});

describe("picked pages", () => {
  const at = { pagesMax: 20, seed: 1, nodes: 2 };

  it("are the first and last of each region, then others by the seed", () => {
    const regions = [region(5, 1), region(100, 50), region(1000, 2 ** 20), region(2 ** 30, 8, "---")];
    const { picks } = workloadOf(regions, at);
    expect(picks).toHaveLength(20);
    for (const page of [5, 100, 149, 1000, 1000 + 2 ** 20 - 1]) expect(picks).toContain(page);
    expect(picks.some((page) => page >= 2 ** 30)).toBe(false);
    expect(workloadOf(regions, at).picks).toEqual(picks);
    expect(workloadOf(regions, { ...at, seed: 2 }).picks).not.toEqual(picks);
  });

  it("are all pages of a small process", () => {
    expect(workloadOf([region(8, 3), region(20, 4)], at).picks).toEqual([8, 9, 10, 20, 21, 22, 23]);
  });

  it("are spread over all regions when there are too many of these", () => {
    const regions = Array.from({ length: 70_000 }, (_, index) => region(index * 2, 1));
    const { picks, mapped, phases } = workloadOf(regions, at);
    expect(mapped).toBe(REGIONS_MAX);
    expect(phases[1]!.operations).toHaveLength(REGIONS_MAX);
    expect(picks).toHaveLength(10);
    expect(picks.at(-1)).toBeGreaterThan(120_000);
  });
});

describe("predicted walks", () => {
  it("are those of the reference's cost model", () => {
    const regions = [region(0x400, 82, "r-x"), region(2 ** 20, 700), region(2 ** 34, 2 ** 16)];
    const { phases } = workloadOf(regions, { pagesMax: 300, seed: 1, nodes: 4 });
    const operations = phases.flatMap((phase) => phase.operations);
    const latency = evenLatency(4);
    const { unreplicated, replicated } = predictWalks(operations, latency);
    const records = traceOfTouches(operations);
    const reference = (configuration: object) =>
      costOf(records, costMachine({ latency }), costConfiguration(configuration, 4));
    expect(records).toHaveLength(2 * 300 + 64);
    expect(unreplicated).toEqual(reference({}));
    expect(replicated).toEqual(reference({ set: [0, 1, 2, 3], flushOnSwitch: true }));
  });
});
