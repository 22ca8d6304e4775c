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
  /** A fair run on which it does; null if there is none, or if another row's run shows it. */
  readonly lasso: ToldLasso | null;
}

/** How kernel `victim` comes to wait, and what then happens again and again, a line a step. */
export interface ToldLasso {
  readonly victim: number;
  readonly stem: readonly string[];
  readonly cycle: readonly string[];
}

export interface StarvationReport {
  readonly rows: readonly StarvationRow[];
  /** P10 as it is to hold: no fair run keeps a writer that has its stamp, if nobody draws an older one. */
  readonly holds: boolean;
}

const STAMPED: readonly CopyState[] = ["WPend1", "WPend2", "WRead"];

/** A run is told for each question but the second, whose runs are those of the third and the fourth. */
const QUESTIONS: readonly (StarvationQuestion & { readonly stamped: boolean; readonly isShown: boolean })[] = [
  { access: "read", stamped: false, noOlderStamps: false, isShown: true },
  { access: "write", stamped: false, noOlderStamps: false, isShown: false },
  { access: "write", stamped: false, noOlderStamps: true, isShown: true },
  { access: "write", stamped: true, within: STAMPED, noOlderStamps: false, isShown: true },
  { access: "write", stamped: true, within: STAMPED, noOlderStamps: true, isShown: true },
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
  const rows = QUESTIONS.map((question): StarvationRow => {
    const { access, stamped, noOlderStamps, isShown } = question;
    const found = victims.map((victim) => search.starvation(victim, question));
    const victim = found.findIndex(({ parts }) => parts.length > 0);
    const lasso = isShown && victim >= 0 ? told(configuration, search, found[victim]!, victim) : null;
    const states = new Set(found.flatMap(({ victimStates }) => victimStates));
    return { access, stamped, noOlderStamps, victimStates: [...states], lasso };
  });
  return { rows, holds: rows.at(-1)!.victimStates.length === 0 };
}

function told(
  configuration: Configuration,
  search: FairnessSearch,
  { region, parts }: Starvation,
  victim: number,
): ToldLasso {
  const lassos = parts.map((part) => lassoOf(search.graph, region, part));
  const [shortest] = lassos.toSorted((a, b) => a.stem.length + a.cycle.length - b.stem.length - b.cycle.length);
  const { stem, cycle } = shortest!;
  const lines = storyOf(configuration, [...stem, ...cycle]).map(({ says, copies, stamps }) => {
    const standing = copies.map((copy, kernel) => (stamps[kernel] === 0 ? copy : `${copy}${stamps[kernel]}`));
    return `${says}: ${standing.join(" ")}`;
  });
  return { victim, stem: lines.slice(0, stem.length), cycle: lines.slice(stem.length) };
}
