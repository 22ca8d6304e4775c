/**
 * What relates the two steering choices, and what a chosen vector must obey (section 8.4).
 */
import fc from "fast-check";
import { chooseSteering, flatLatency, STEERING_RULE } from "../../impl/replication/steering-choice.js";
import { steeringChoice } from "../../model/replication/steering-choice.js";
import {
  LATENCY_CYCLES_MAX,
  type LatencyMatrix,
  NOT_MEASURED,
  STEERING_AUTO,
  STEERING_SLOTS,
} from "../../vocabulary/replication/steering-choice.js";

export interface SteeringCase {
  readonly latency: LatencyMatrix;
  readonly cpuNodes: readonly number[];
}

/** What the implementation chooses; `dropped` as in chooseSteering. */
export function chosenSteering({ latency, cpuNodes }: SteeringCase, dropped = 0): readonly number[] {
  const steering = new Int32Array(STEERING_SLOTS);
  let mask = 0;
  for (const node of cpuNodes) mask |= 1 << node;
  chooseSteering(flatLatency(latency), latency.length, mask, steering, dropped);
  return [...steering];
}

/** Square matrices with many ties and gaps; any subset of the nodes has CPUs. */
export const steeringCases: fc.Arbitrary<SteeringCase> = fc.integer({ min: 1, max: STEERING_SLOTS }).chain((nodes) => {
  const cycles = fc.constantFrom(NOT_MEASURED, 1, 2, 3, 280, LATENCY_CYCLES_MAX);
  const row = fc.array(cycles, { minLength: nodes, maxLength: nodes });
  return fc.record({
    latency: fc.array(row, { minLength: nodes, maxLength: nodes }),
    cpuNodes: fc.subarray(Array.from({ length: nodes }, (_, node) => node)),
  });
});

/** One line for each entry that is not the lowest of the nearest measured nodes, or auto where there is none. */
export function* steeringViolations({ latency, cpuNodes }: SteeringCase, vector: readonly number[]): Iterable<string> {
  for (const [source, chosen] of vector.entries()) {
    const row = latency[source] ?? [];
    const measured = cpuNodes.includes(source) ? row.filter((cycles) => cycles > NOT_MEASURED) : [];
    if (chosen === STEERING_AUTO) {
      if (measured.length > 0) yield `node ${source} is auto although something was measured`;
      continue;
    }
    const cycles = row[chosen] ?? NOT_MEASURED;
    if (!measured.includes(cycles)) yield `node ${source} is steered to ${chosen}, which was not measured`;
    if (measured.some((other) => other < cycles)) yield `node ${source} is steered to ${chosen}, which is not nearest`;
    if (row.indexOf(cycles) !== chosen) yield `node ${source} is steered to ${chosen}, not to the lowest of its equals`;
  }
}

export const STEERING_MUTANTS: readonly { readonly name: string; readonly rule: string; readonly dropped: number }[] = [
  { name: "steering-highest-tie", rule: "the lowest of equal nodes wins", dropped: STEERING_RULE.LOWEST_WINS_TIES },
  { name: "steering-local-tie", rule: "the local node wins no tie", dropped: STEERING_RULE.LOCAL_IS_NOT_SPECIAL },
  { name: "steering-unmeasured", rule: "an unmeasured pair is not chosen", dropped: STEERING_RULE.MEASURED_ONLY },
  { name: "steering-without-cpu", rule: "a node without CPU stays automatic", dropped: STEERING_RULE.CPU_NODES_ONLY },
];

/** The implementation chooses as the reference does, and the vector obeys the rules. */
export function steeringAgrees(dropped = 0): fc.IProperty<[SteeringCase]> {
  return fc.property(steeringCases, (one) => {
    const found = chosenSteering(one, dropped);
    const expected = steeringChoice(one.latency, one.cpuNodes);
    if (found.join() !== expected.join()) throw new Error(`chose [${found}], expected [${expected}]`);
    for (const line of steeringViolations(one, found)) throw new Error(line);
  });
}

/** The rules alone, without the reference. */
export function steeringObeysRules(dropped = 0): fc.IProperty<[SteeringCase]> {
  return fc.property(steeringCases, (one) => {
    for (const line of steeringViolations(one, chosenSteering(one, dropped))) throw new Error(line);
  });
}
