import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { traceCost } from "../../impl/replication/cost.js";
import { parseTrace, traceOf } from "../../impl/replication/cost-trace.js";
import { costOf } from "../../model/replication/cost.js";
import { COST_MUTANTS, costAgrees, costCases, gainsAgree } from "../../properties/replication/cost.js";
import {
  type CostConfiguration,
  type CostMachine,
  costConfiguration,
  costMachine,
  type TraceRecord,
} from "../../vocabulary/replication/cost.js";

const AUTO = [-1, -1, -1, -1, -1, -1, -1, -1];

/** One page of each of `tables` leaf tables, first touched by the nodes in turn, then read by every node. */
function spread(nodes: number, tables: number): readonly TraceRecord[] {
  const first = Array.from({ length: tables }, (_, at) => ({
    kind: "write" as const,
    node: at % nodes,
    page: at * 512,
  }));
  const later = Array.from({ length: nodes }, (_, node) =>
    first.map(({ page }) => ({ kind: "read" as const, node, page })),
  ).flat();
  return [...first, ...later];
}

const flat = (nodes: number, local: number, remote: number): number[][] =>
  Array.from({ length: nodes }, (_, from) => Array.from({ length: nodes }, (_, to) => (from === to ? local : remote)));

/** Both twins, which must agree before anything is said of the answer. */
function costs(trace: readonly TraceRecord[], machine: CostMachine, some: Partial<CostConfiguration>) {
  const configuration = costConfiguration({ flushOnSwitch: true, ...some }, machine.latency.length);
  const found = traceCost(traceOf(trace), machine, configuration);
  expect(found).toEqual(costOf(trace, machine, configuration));
  return found;
}

describe("the cost model", () => {
  it("reports what the reference reports on random traces", { timeout: 60_000 }, () => {
    fc.assert(costAgrees(), { numRuns: 400, seed: 1 });
  });

  it("reckons gains as the reference does", () => {
    fc.assert(gainsAgree(), { numRuns: 150, seed: 6 });
  });

  it.each(COST_MUTANTS)("kills $name", ({ dropped }) => {
    expect(fc.check(costAgrees(dropped), { numRuns: 1000, seed: 2 }).failed).toBe(true);
  });

  it("meets replication, extra ring members, flushes and remote loads in random traces", () => {
    const reports = fc.sample(costCases, { numRuns: 300, seed: 3 }).map(({ trace, machine, configuration }) => ({
      configuration,
      ...traceCost(traceOf(trace), machine, configuration),
    }));
    const replicated = reports.filter(({ configuration }) => configuration.set.length > 0);
    expect(replicated.length).toBeGreaterThan(60);
    expect(
      replicated.filter((report) => report.tablePages > report.tables * report.configuration.set.length).length,
    ).toBeGreaterThan(10);
    expect(reports.filter(({ flushes }) => flushes > 0).length).toBeGreaterThan(60);
    expect(reports.filter(({ remoteLeafLoads }) => remoteLeafLoads > 0).length).toBeGreaterThan(60);
    expect(reports.filter(({ walks, accesses }) => walks < accesses).length).toBeGreaterThan(60);
  });

  it("finds (N-1)/N of the leaves remote when pages are spread evenly, and none with replicas", () => {
    const machine = costMachine({ latency: flat(4, 280, 580), tlbSlots: 0 });
    const trace = spread(4, 64);
    const before = costs(trace, machine, {});
    const after = costs(trace, machine, { set: [0, 1, 2, 3] });
    // The 64 first touches find their own tables; of the 256 later accesses three in four are remote.
    expect(before.remoteLeafLoads).toBe(192);
    expect(before.walks).toBe(64 + 256);
    expect(after.remoteLeafLoads).toBe(0);
    expect(before.walkCycles - after.walkCycles).toBe(192 * (580 - 280));
    expect(after.tablePages).toBe(4 * after.tables);
  });

  it("prices a walk by the levels that its caches do not cover", () => {
    const trace: TraceRecord[] = [
      { kind: "read", node: 0, page: 0 },
      { kind: "read", node: 0, page: 1 },
      { kind: "read", node: 0, page: 0 },
      { kind: "switch", node: 0 },
      { kind: "read", node: 0, page: 0 },
    ];
    const machine = costMachine({ latency: [[100]], cacheHitCycles: 10 });
    // Root to leaf: 3 cached loads and 1 from memory; the neighbour needs its leaf only; the third is a TLB hit.
    expect(costs(trace, machine, {})).toMatchObject({ walks: 3, walkCycles: 130 + 100 + 130, flushes: 1 });
    expect(costs(trace, machine, { flushOnSwitch: false })).toMatchObject({
      walks: 2,
      walkCycles: 130 + 100,
      flushes: 0,
    });
    const cold = costMachine({ latency: [[100]], cacheHitCycles: 10, walkCacheSlots: 0, memoryLevels: 4 });
    expect(costs(trace, cold, {})).toMatchObject({ walks: 3, walkCycles: 3 * 400 });
  });

  it("gains by steering exactly where the steered replica is nearer than the local one", () => {
    const trace: TraceRecord[] = [{ kind: "read", node: 0, page: 0 }];
    const cyclesTo = (target: number, steered: number): number => {
      const machine = costMachine({
        latency: [
          [280, steered],
          [280, 280],
        ],
        cacheHitCycles: 0,
      });
      return costs(trace, machine, { set: [0, 1], steering: [target, ...AUTO.slice(1)] }).walkCycles;
    };
    expect([279, 280, 281].map((steered) => Math.sign(cyclesTo(1, steered) - cyclesTo(0, steered)))).toEqual([
      -1, 0, 1,
    ]);
  });

  it("counts a store, a link and an atomic per ring member, and walks home where a replica is missing", () => {
    const machine = costMachine({ latency: flat(3, 1, 2), memberCycles: 10, pageCopyCycles: 100 });
    const trace: TraceRecord[] = [
      { kind: "map", node: 2, page: 0, count: 2 },
      { kind: "protect", node: 2, page: 0, count: 2 },
      { kind: "unmap", node: 2, page: 1, count: 5 },
      { kind: "read", node: 2, page: 0 },
      { kind: "fork", node: 2 },
    ];
    expect(costs(trace, machine, { home: 1, set: [0, 1] })).toMatchObject({
      tables: 4,
      tablePages: 2 + 3 * 3, // the root's ring is the set; the tables first needed on node 2 have a third member
      // entering 3 tables: 2 + 3 + 3; two leaves of 3 members each mapped, then protected
      stores: 8 + 6 + 6,
      atomics: 6 + 3,
      remoteLoads: 1,
      forkPages: 1 + 3 * 2,
      forkCycles: 7 * 100 + 2 * 3 * 10,
    });
  });

  it("makes room for many tables", () => {
    const trace = Array.from({ length: 2000 }, (_, at) => ({ kind: "read" as const, node: 0, page: at * 512 }));
    const found = traceCost(traceOf(trace), costMachine({ latency: [[1]] }), costConfiguration({}, 1));
    expect(found.tables).toBe(2000 + 4 + 1 + 1);
  });

  it("refuses nodes without latencies, in both twins", () => {
    const machine = costMachine({
      latency: [
        [1, 2],
        [0, 0],
      ],
    });
    const trace: TraceRecord[] = [{ kind: "switch", node: 1 }];
    const message = "node 1: expected a node with measured latencies to all nodes";
    expect(() => traceCost(traceOf(trace), machine, costConfiguration({}, 2))).toThrow(message);
    expect(() => costOf(trace, machine, costConfiguration({}, 2))).toThrow(message);
    expect(() => traceCost(traceOf([{ kind: "switch", node: 32 }]), machine, costConfiguration({}, 2))).toThrow(
      "node 32",
    );
  });

  it("refuses machines and configurations out of range", () => {
    expect(() => costMachine({ latency: [[1]], memoryLevels: 5 })).toThrow("expected an integer from 1 to 4");
    expect(() => costConfiguration({ set: [0] }, 2)).toThrow("expected at least two nodes");
    expect(() => costConfiguration({ set: [1, 2], flushOnSwitch: true }, 3)).toThrow("home 0 among them");
    expect(() => costConfiguration({ set: [0, 2], flushOnSwitch: true }, 2)).toThrow("ascending nodes from 0 to 1");
    expect(() => costConfiguration({ set: [0, 1] }, 2)).toThrow("without PCID");
  });
});

describe("the text of a trace", () => {
  const line = (record: TraceRecord): string => Object.values(record).join(" ");

  it("reads back what was written", () => {
    fc.assert(
      fc.property(costCases, ({ trace, machine }) => {
        const text = trace.map((record) => `  ${line(record)}\t# ${record.kind}\n`).join("\n");
        expect(parseTrace(text, "t.txt", machine.latency.length, machine.levels)).toEqual(traceOf(trace));
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it("reads hexadecimal page numbers", () => {
    expect(parseTrace("read 0 0x7ffFFffff", "t.txt", 1, 4).pages[0]).toBe(2 ** 35 - 1);
  });

  it.each([
    ["read 0 1 2", "t.txt:1: 4 fields, expected read NODE PAGE"],
    ["\nread 2 0", 't.txt:2: node is "2", expected an integer from 0 to 1'],
    ["write 0 34359738368", 't.txt:1: page is "34359738368", expected an integer from 0 to 34359738367'],
    ["map 0 34359738367 2", 't.txt:1: count is "2", expected an integer from 1 to 1'],
    ["unmap 0 0 0", 't.txt:1: count is "0", expected an integer from 1 to 1048576'],
    ["fork", "t.txt:1: 1 field, expected fork NODE"],
    ["load 0 0", 't.txt:1: "load", expected read, write, map, protect, unmap, switch, fork'],
  ])("refuses %j", (text, message) => {
    expect(() => parseTrace(text, "t.txt", 2, 4)).toThrow(message);
  });
});
