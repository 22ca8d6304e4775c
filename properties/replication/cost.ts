/**
 * What relates the two cost models, and what every report must obey (section 8.3).
 */
import fc from "fast-check";
import { COST_RULE, traceCost } from "../../impl/replication/cost.js";
import { gainOver } from "../../impl/replication/cost-formulas.js";
import { traceOf } from "../../impl/replication/cost-trace.js";
import { costOf } from "../../model/replication/cost.js";
import { gainOver as gainOverByModel } from "../../model/replication/cost-formulas.js";
import {
  type CostConfiguration,
  type CostMachine,
  type CostReport,
  costConfiguration,
  costMachine,
  type TraceRecord,
  USER_PAGES,
} from "../../vocabulary/replication/cost.js";
import { STEERING_AUTO, STEERING_SLOTS } from "../../vocabulary/replication/steering-choice.js";

export interface CostCase {
  readonly machine: CostMachine;
  readonly configuration: CostConfiguration;
  readonly trace: readonly TraceRecord[];
}

function machines(nodes: number): fc.Arbitrary<CostMachine> {
  const row = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: nodes, maxLength: nodes });
  return fc
    .record({
      latency: fc.array(row, { minLength: nodes, maxLength: nodes }),
      levels: fc.constantFrom(4 as const, 5 as const),
      tlbSlots: fc.constantFrom(0, 1, 7, 64),
      walkCacheSlots: fc.constantFrom(0, 1, 3),
      memoryLevels: fc.integer({ min: 1, max: 4 }),
      cacheHitCycles: fc.integer({ min: 0, max: 3 }),
      memberCycles: fc.integer({ min: 0, max: 3 }),
      pageCopyCycles: fc.integer({ min: 0, max: 3 }),
      forkEnables: fc.integer({ min: 1, max: 2 }),
    })
    .map(costMachine);
}

function configurations(nodes: number): fc.Arbitrary<CostConfiguration> {
  const all = Array.from({ length: nodes }, (_, node) => node);
  return fc
    .record({
      home: fc.constantFrom(...all),
      others: fc.subarray(all),
      steering: fc.array(fc.integer({ min: STEERING_AUTO, max: nodes - 1 }), {
        minLength: STEERING_SLOTS,
        maxLength: STEERING_SLOTS,
      }),
      flushOnSwitch: fc.boolean(),
    })
    .map(({ home, others, steering, flushOnSwitch }) => {
      const set = all.filter((node) => node === home || others.includes(node));
      const replicated = set.length >= 2 && others.length > 0;
      return costConfiguration(
        { home, steering, set: replicated ? set : [], flushOnSwitch: replicated || flushOnSwitch },
        nodes,
      );
    });
}

/** Few pages, at the edges of tables of every level and of the halves into which page numbers are split. */
function traces(nodes: number, levels: 4 | 5): fc.Arbitrary<readonly TraceRecord[]> {
  const node = fc.integer({ min: 0, max: nodes - 1 });
  const edges = [0, 1, 7, 510, 512, 2 ** 18 - 2, 2 ** 18, 2 ** 27 - 2, 2 ** 27, 2 ** 34, USER_PAGES[levels] - 6];
  const atEdge = fc.tuple(fc.constantFrom(...edges), fc.integer({ min: 0, max: 2 })).map(([edge, off]) => edge + off);
  const page = fc.oneof(atEdge, fc.integer({ min: 0, max: 2 })); // the latter so that TLBs have something to answer
  const count = fc.integer({ min: 1, max: 4 });
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("read" as const, "write" as const), node, page }) },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constantFrom("map" as const, "protect" as const, "unmap" as const),
          node,
          page,
          count,
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("switch" as const, "fork" as const), node }) },
    ),
    { maxLength: 40, size: "max" },
  );
}

export const costCases: fc.Arbitrary<CostCase> = fc
  .integer({ min: 1, max: 4 })
  .chain((nodes) => fc.tuple(machines(nodes), configurations(nodes), fc.constant(nodes)))
  .chain(([machine, configuration, nodes]) =>
    traces(nodes, machine.levels).map((trace) => ({ machine, configuration, trace })),
  );

/** One line for each law that a report breaks. The laws follow from 8.3 without running anything. */
export function* costViolations({ machine, configuration, trace }: CostCase, report: CostReport): Iterable<string> {
  const { set, steering } = configuration;
  const loads = report.cachedLoads + report.memoryLoads;
  if (report.walks > report.accesses) yield "more walks than accesses";
  if (loads < report.walks || loads > report.walks * machine.levels) yield `${loads} loads in ${report.walks} walks`;
  if (report.remoteLeafLoads > report.walks) yield "more remote leaves than walks";
  if (report.accesses !== trace.filter(({ kind }) => kind === "read" || kind === "write").length) yield "accesses lost";
  if (set.length === 0 && (report.tablePages !== report.tables || report.writeCycles !== 0 || report.forkPages !== 0)) {
    yield "replicas without replication";
  }
  const longest = set.length + 1;
  if (report.tablePages < report.tables * set.length || report.tablePages > report.tables * Math.max(1, longest)) {
    yield `${report.tablePages} pages for ${report.tables} tables on ${set.length} nodes`;
  }
  if (report.enablePages !== report.tablePages - report.tables) yield "an enable copies all ring members but one";
  const everywhere = set.length > 1 && set.length === machine.latency.length;
  const local = steering.slice(0, machine.latency.length).every((to, from) => to === STEERING_AUTO || to === from);
  if (everywhere && local && report.remoteLoads !== 0)
    yield `${report.remoteLoads} remote loads with replicas everywhere`;
}

export const COST_MUTANTS: readonly { readonly name: string; readonly rule: string; readonly dropped: number }[] = [
  {
    name: "cost-steering-ignored",
    rule: "a CPU walks the steered replica (I19)",
    dropped: COST_RULE.STEERING_IS_FOLLOWED,
  },
  {
    name: "cost-missing-local",
    rule: "without the wanted replica a CPU walks home (I19)",
    dropped: COST_RULE.MISSING_MEANS_HOME,
  },
  { name: "cost-one-store", rule: "every ring member is written (8.3)", dropped: COST_RULE.EVERY_MEMBER_IS_WRITTEN },
  {
    name: "cost-base-forgotten",
    rule: "a base outside the set is a further member (W45)",
    dropped: COST_RULE.BASE_IS_A_MEMBER,
  },
  { name: "cost-warm-switch", rule: "a CR3 load empties the TLB (2.15)", dropped: COST_RULE.SWITCH_FLUSHES },
  {
    name: "cost-no-shootdown",
    rule: "changed entries are forgotten by every CPU",
    dropped: COST_RULE.CHANGES_SHOOT_DOWN,
  },
];

/** Both twins reckon the same gain from any two reports of one trace, with replicas on all nodes and without. */
export function gainsAgree(): fc.IProperty<[CostCase]> {
  return fc.property(costCases, ({ machine, trace }) => {
    const nodes = machine.latency.length;
    const set = nodes === 1 ? [] : Array.from({ length: nodes }, (_, node) => node);
    const [without, withReplicas] = [[], set].map((nodesOf) =>
      costOf(trace, machine, costConfiguration({ set: nodesOf, flushOnSwitch: true }, nodes)),
    ) as [CostReport, CostReport];
    const found = gainOver(without, withReplicas);
    const expected = gainOverByModel(without, withReplicas);
    const exact = [found.walkCycles, found.netCycles, found.breakEvenRuns].join();
    const wanted = [expected.walkCycles, expected.netCycles, expected.breakEvenRuns].join();
    if (exact !== wanted) throw new Error(`gain ${exact}, expected ${wanted}`);
    if (Math.abs(found.memoryFactor - expected.memoryFactor) > 1e-12) throw new Error("memory factors differ");
  });
}

/** The implementation reports what the reference reports, and both obey the laws. */
export function costAgrees(dropped = 0): fc.IProperty<[CostCase]> {
  return fc.property(costCases, (one) => {
    const found = traceCost(traceOf(one.trace), one.machine, one.configuration, dropped);
    const expected = costOf(one.trace, one.machine, one.configuration);
    for (const field of Object.keys(expected) as (keyof CostReport)[]) {
      if (found[field] !== expected[field]) {
        throw new Error(`${field}: found ${found[field]}, expected ${expected[field]}`);
      }
    }
    for (const line of costViolations(one, found)) throw new Error(line);
  });
}
