import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSamples } from "../../impl/replication/policy-samples.js";
import { isAbove, policyTransitions } from "../../model/replication/policy.js";
import {
  decidedTransitions,
  POLICY_MUTANTS,
  policyAgrees,
  policyObeysClaims,
  policyStreams,
} from "../../properties/replication/policy.js";
import { type PolicySample, policySample, policySettings, WASP_POLICY } from "../../vocabulary/replication/policy.js";

const bound = { interval: 1000, loads: 20_000_000, walks: 1_000_000 };
const idle = { interval: 1000, loads: 1000, walks: 0 };
const stream = (...samples: readonly [number, typeof bound][]): readonly PolicySample[] =>
  samples.map(([time, sample]) => ({ time, ...sample }));

describe("the WASP policy", () => {
  it("decides as the reference does on random streams", () => {
    fc.assert(policyAgrees(), { numRuns: 1000, seed: 1 });
  });

  it("obeys I35 on random streams", () => {
    fc.assert(policyObeysClaims(), { numRuns: 1000, seed: 2 });
  });

  it("switches on and off in random streams, so that the claims are not empty", () => {
    const streams = fc.sample(policyStreams(), { numRuns: 300, seed: 3 });
    const lengths = streams.map((samples) => policyTransitions(samples, WASP_POLICY).length);
    expect(lengths.filter((length) => length === 0).length).toBeGreaterThan(0);
    expect(lengths.filter((length) => length >= 2).length).toBeGreaterThan(30);
  });

  it.each(POLICY_MUTANTS)("kills $name by the claims alone", ({ dropped }) => {
    expect(fc.check(policyObeysClaims(dropped), { numRuns: 3000, seed: 4 }).failed).toBe(true);
  });

  it("counts the hysteresis from the first sample above, inclusively", () => {
    const samples = stream([0, bound], [999, bound], [1000, bound], [1500, idle], [2499, idle], [2500, idle]);
    const expected = [
      { kind: "on", time: 1000 },
      { kind: "off", time: 2500 },
    ];
    expect(policyTransitions(samples, WASP_POLICY)).toEqual(expected);
    expect(decidedTransitions(samples, WASP_POLICY)).toEqual(expected);
  });

  it("starts to count anew after one sample of the other kind", () => {
    const samples = stream([0, bound], [900, idle], [950, bound], [1900, bound], [1950, bound]);
    expect(decidedTransitions(samples, WASP_POLICY)).toEqual([{ kind: "on", time: 1950 }]);
  });

  it.each([
    ["exactly ten million loads a second", { time: 0, interval: 1000, loads: 10_000_000, walks: 200_000 }, false],
    ["one load more", { time: 0, interval: 1000, loads: 10_000_001, walks: 200_000 }, true],
    ["exactly one walk in a hundred loads", { time: 0, interval: 1000, loads: 20_000_000, walks: 200_000 }, false],
    ["one walk more", { time: 0, interval: 1000, loads: 20_000_000, walks: 200_001 }, true],
    ["no loads at all", { time: 0, interval: 1000, loads: 0, walks: 5 }, false],
    ["half the loads in half a second", { time: 0, interval: 500, loads: 5_000_001, walks: 100_000 }, true],
  ])("%s", (_, sample, above) => {
    expect(isAbove(sample, WASP_POLICY)).toBe(above);
    const atOnce = policySettings({ hysteresis: 0 });
    expect(decidedTransitions([sample], atOnce).length).toBe(above ? 1 : 0);
  });

  it("refuses samples that do not ascend, in both twins", () => {
    const samples = stream([5, bound], [5, bound]);
    expect(() => policyTransitions(samples, WASP_POLICY)).toThrow("expected a time after 5 ms");
    expect(() => decidedTransitions(samples, WASP_POLICY)).toThrow("expected a time after 5 ms");
  });

  it("refuses settings and samples out of range", () => {
    expect(() => policySettings({ walksPerTenThousand: 10_001 })).toThrow("expected an integer from 0 to 10000");
    expect(() => policySample({ time: 0, interval: 0, loads: 0, walks: 0 })).toThrow("interval is 0");
  });
});

describe("the text of policy samples", () => {
  it("reads back what was written", () => {
    fc.assert(
      fc.property(policyStreams(), (samples) => {
        const lines = samples.map(({ time, interval, loads, walks }) => `${time} ${interval} ${loads} ${walks} # said`);
        expect(parseSamples(`# head\n\n${lines.join("\r\n")}\n`, "s.txt")).toEqual(samples);
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it.each([
    ["1 2 3", "s.txt:1: 3 fields, expected TIME INTERVAL LOADS WALKS"],
    ["# x\n0 0 1 1", 's.txt:2: interval is "0", expected an integer from 1 to 3600000'],
    ["0 1000 -1 1", 's.txt:1: loads is "-1", expected an integer from 0 to 549755813888'],
    ["7 1000 1 1\n7 1000 1 1", "s.txt:2: time is 7, expected a time after 7"],
  ])("refuses %j", (text, message) => {
    expect(() => parseSamples(text, "s.txt")).toThrow(message);
  });
});
