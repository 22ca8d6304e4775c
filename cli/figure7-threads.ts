/** The experiments of figure 7 on real threads. */
import { type Experiment, KERNELS, pagesOf } from "../properties/coherency/figure7.js";
import { type Cell, type Counts, cellOf, countsOf, type FigureOptions } from "../properties/coherency/figure7-run.js";
import { runOnThreads } from "../properties/engine/kernel-threads.js";

/** One run after another, so that no two share the processors. */
export async function threadedCells(
  { profile, channels, seed, runs }: FigureOptions,
  experiments: readonly (Experiment & Pick<Cell, "size">)[],
): Promise<readonly Cell[]> {
  const program = new URL("../properties/coherency/figure7-threaded.js", import.meta.url);
  const cells: Cell[] = [];
  for (const experiment of experiments) {
    const counts: Counts[] = [];
    for (let run = 0; run < runs; run++) {
      const shape = { program, kernels: KERNELS, pages: pagesOf(experiment), input: experiment };
      const { values, requests } = await runOnThreads({ ...shape, profile, channels, seed: seed + run });
      counts.push(countsOf(requests.map((sent, kernel) => ({ ...sent, silent: Number(values[kernel]) }))));
    }
    cells.push(cellOf(experiment, counts));
  }
  return cells;
}
