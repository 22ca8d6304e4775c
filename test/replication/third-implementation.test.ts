/** Both twins of the cost model and of the policy against a third implementation, in another language: fixtures/cost/model.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { traceCost } from "../../impl/replication/cost.js";
import { traceOf } from "../../impl/replication/cost-trace.js";
import { initialisePolicy, POLICY_ON, POLICY_STAY, POLICY_WORDS, policyStep } from "../../impl/replication/policy.js";
import { chooseSteering, flatLatency } from "../../impl/replication/steering-choice.js";
import { costOf } from "../../model/replication/cost.js";
import { policyTransitions } from "../../model/replication/policy.js";
import {
  type CostMachine,
  type CostReport,
  costConfiguration,
  costMachine,
  type TraceRecord,
} from "../../vocabulary/replication/cost.js";
import { type PolicySettings, type PolicyTransition, policySettings } from "../../vocabulary/replication/policy.js";
import { NOT_MEASURED, STEERING_SLOTS } from "../../vocabulary/replication/steering-choice.js";

interface CostCase {
  readonly latency: number[][];
  readonly machine: Omit<CostMachine, "latency">;
  readonly trace: readonly (readonly [kind: string, node: number, page?: number, count?: number])[];
  readonly configurations: readonly {
    readonly home: number;
    readonly set: readonly number[];
    readonly steering: readonly number[];
    readonly flushOnSwitch: boolean;
    readonly report: CostReport;
  }[];
}

interface PolicyCase {
  readonly settings: PolicySettings;
  readonly samples: readonly (readonly [time: number, interval: number, loads: number, walks: number])[];
  readonly transitions: readonly PolicyTransition[];
}

const cases: { readonly cost: readonly CostCase[]; readonly policy: readonly PolicyCase[] } = JSON.parse(
  readFileSync("test/replication/fixtures/cost/cases.json", "utf8"),
);

function recordOf([kind, node, page, count]: CostCase["trace"][number]): TraceRecord {
  const place = { ...(page === undefined ? {} : { page }), ...(count === undefined ? {} : { count }) };
  return { kind, node, ...place } as TraceRecord;
}

describe("cost", () => {
  it.each(cases.cost.map((each, at) => ({ ...each, at })))("comes to the same in case $at", (each) => {
    const machine = costMachine({ ...each.machine, latency: each.latency });
    const trace = each.trace.map(recordOf);
    expect(each.configurations).toHaveLength(3);
    for (const { report, ...some } of each.configurations) {
      const configuration = costConfiguration(some, each.latency.length);
      expect(traceCost(traceOf(trace), machine, configuration)).toEqual(report);
      expect(costOf(trace, machine, configuration)).toEqual(report);
    }
  });

  it("steers alike", () => {
    for (const { latency, configurations } of cases.cost) {
      const { set, steering } = configurations[2]!;
      const offered = latency.map((row) => row.map((cycles, node) => (set.includes(node) ? cycles : NOT_MEASURED)));
      const found = new Int32Array(STEERING_SLOTS);
      chooseSteering(flatLatency(offered), latency.length, 2 ** latency.length - 1, found);
      expect([...found]).toEqual(steering);
    }
  });
});

describe("policy", () => {
  it.each(cases.policy.map((each, at) => ({ ...each, at })))("decides alike in case $at", (each) => {
    const settings = policySettings(each.settings);
    const samples = each.samples.map(([time, interval, loads, walks]) => ({ time, interval, loads, walks }));
    const state = new Int32Array(POLICY_WORDS);
    initialisePolicy(state, settings);
    const found = samples.flatMap(({ time, interval, loads, walks }): PolicyTransition[] => {
      const decision = policyStep(state, time, interval, loads, walks);
      return decision === POLICY_STAY ? [] : [{ kind: decision === POLICY_ON ? "on" : "off", time }];
    });
    expect(found).toEqual(each.transitions);
    expect(policyTransitions(samples, settings)).toEqual(each.transitions);
  });

  it("goes both ways somewhere", () => {
    const kinds = new Set(cases.policy.flatMap(({ transitions }) => transitions.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(["off", "on"]);
  });
});
