/** A path through the space modulo renaming, as a path of the raw machine. */
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { Symmetry } from "../../impl/coherency/symmetry.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";

/**
 * Each step becomes the first raw action that leads, with the same outcome, to a state of the same class.
 * @throws Error for a path that the machine modulo renaming cannot walk
 */
export function unfold(configuration: Configuration, path: readonly number[]): number[] {
  const folded = new ExploredCluster(configuration, "on");
  const raw = new ExploredCluster(configuration);
  const symmetry = new Symmetry(configuration, raw.cluster.hasBudgets);
  folded.initialise();
  raw.initialise();
  return path.map((action, index) => {
    folded.perform(action);
    const taken = rawAction(raw, symmetry, folded.words);
    if (taken === undefined) throw new Error(`step ${index + 1}: no raw action leads there`);
    raw.perform(taken);
    return taken;
  });
}

/** Leaves the raw words as they are. */
function rawAction(raw: ExploredCluster, symmetry: Symmetry, wanted: Int32Array): number | undefined {
  const before = raw.words.slice();
  const reached = new Int32Array(before.length);
  for (let action = raw.nextEnabled(0); action < raw.actionCount; action = raw.nextEnabled(action + 1)) {
    raw.perform(action);
    reached.set(raw.words);
    raw.words.set(before);
    symmetry.canonise(reached);
    if (reached.every((word, position) => word === wanted[position])) return action;
  }
  return undefined;
}
