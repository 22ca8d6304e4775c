/**
 * Policy samples from text: `TIME INTERVAL LOADS WALKS`, one a line.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import { POLICY_BOUNDS, type PolicySample } from "../../vocabulary/replication/policy.js";
import { fieldCount, integerField, textLines } from "./cost-text.js";

const FIELDS = ["time", "interval", "loads", "walks"] as const;

/**
 * Reads samples.
 * @param file the name by which errors call it
 * @throws PagetwinError `FORMAT` naming file, line and what was expected; also for a time that is not later than the last
 */
export function parseSamples(text: string, file: string): readonly PolicySample[] {
  const samples: PolicySample[] = [];
  for (const line of textLines(text, file)) {
    fieldCount(line, FIELDS.length, "TIME INTERVAL LOADS WALKS");
    const field = (at: number): number => {
      const [low, high] = POLICY_BOUNDS[FIELDS[at]!];
      return integerField(line, at, FIELDS[at]!, low, high);
    };
    const sample = { time: field(0), interval: field(1), loads: field(2), walks: field(3) };
    const last = samples.at(-1)?.time;
    if (last !== undefined && sample.time <= last) {
      throw new PagetwinError("FORMAT", `${line.place}: time is ${sample.time}, expected a time after ${last}`);
    }
    samples.push(sample);
  }
  return samples;
}
