/** P10 of one instance: who can starve under weak fairness, under which condition, and a run that shows it. */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Access, CopyState } from "../../vocabulary/coherency/protocol.js";
import { FairnessSearch, type Starvation, type StarvationQuestion } from "./fairness.js";
import { lassoOf } from "./lasso.js";
import { storyOf } from "./story.js";

export interface StarvationRow {
  readonly access: Access;
  /** Whether only runs count in which the victim keeps its time stamp: in WPend1, WPend2 and WRead. */
  readonly stamped: boolean;
  /** Whether only runs count in which nobody draws a stamp older than the victim's. */
  readonly noOlderStamps: boolean;
  /** States in which the victim's access can stay pending for ever; none = it cannot. */
  readonly victimStates: readonly CopyState[];
}

export interface StarvationReport {
  readonly rows: readonly StarvationRow[];
  /** A fair run on which a writer that has drawn its stamp loses for ever, if there is one: what happens, in words. */
  readonly lasso:
    | { readonly victim: number; readonly stem: readonly string[]; readonly cycle: readonly string[] }
    | undefined;
  /** P10 as it is to hold: no fair run keeps a writer that has its stamp, if nobody draws an older one. */
  readonly holds: boolean;
}

const STAMPED: readonly CopyState[] = ["WPend1", "WPend2", "WRead"];

const QUESTIONS: readonly (StarvationQuestion & { readonly stamped: boolean })[] = [
  { access: "read", stamped: false, noOlderStamps: false },
  { access: "write", stamped: false, noOlderStamps: false },
  { access: "write", stamped: false, noOlderStamps: true },
  { access: "write", stamped: true, within: STAMPED, noOlderStamps: false },
  { access: "write", stamped: true, within: STAMPED, noOlderStamps: true },
];

/**
 * @param statesMax most states of the instance
 * @throws Error when there are more
 */
export function starvationIn(configuration: Configuration, statesMax: number): StarvationReport {
  const search = new FairnessSearch(configuration, statesMax);
  // Where the kernels' numbers do not decide, what is said of one holds of each.
  const areAlike = configuration.ties === "absorbed" && typeof configuration.stamps !== "object";
  const victims = Array.from({ length: areAlike ? 1 : configuration.kernels }, (_, kernel) => kernel);
  let lasso: StarvationReport["lasso"];
  const rows = QUESTIONS.map((question): StarvationRow => {
    const { access, stamped, noOlderStamps } = question;
    const found = victims.map((victim) => search.starvation(victim, question));
    const victim = found.findIndex(({ parts }) => parts.length > 0);
    if (stamped && victim >= 0) lasso ??= told(configuration, search, found[victim]!, victim);
    const states = new Set(found.flatMap(({ victimStates }) => victimStates));
    return { access, stamped, noOlderStamps, victimStates: [...states] };
  });
  return { rows, lasso, holds: rows.at(-1)!.victimStates.length === 0 };
}

function told(configuration: Configuration, search: FairnessSearch, { region, parts }: Starvation, victim: number) {
  const lassos = parts.map((part) => lassoOf(search.graph, region, part));
  const [shortest] = lassos.toSorted((a, b) => a.stem.length + a.cycle.length - b.stem.length - b.cycle.length);
  const { stem, cycle } = shortest!;
  const lines = storyOf(configuration, [...stem, ...cycle]).map(({ says, copies }) => `${says}: ${copies.join(" ")}`);
  return { victim, stem: lines.slice(0, stem.length), cycle: lines.slice(stem.length) };
}
