/** The programs on threads with each option of 5.2, on two to four kernels; what the options save. */
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import * as conjugateGradient from "../../examples/coherency/conjugate-gradient.js";
import * as fft from "../../examples/coherency/fft.js";
import * as integerSort from "../../examples/coherency/integer-sort.js";
import { runOnThreads, type ThreadOptions, type ThreadRun } from "../../properties/index.js";

const PROGRAMS = [
  { name: "integer-sort", module: integerSort, input: 1024 },
  { name: "fft", module: fft, input: 256 },
  { name: "conjugate-gradient", module: conjugateGradient, input: 256 },
] as const;
const SEEDS = [1, 2, 3];
const MODES = [
  [2, "unordered", "delayed"],
  [3, "fifo", "delayed"],
  [4, "unordered", "atomic"],
  [4, "fifo", "atomic"],
] as const;

const requestsOf = ({ requests }: ThreadRun): number =>
  requests.reduce((sum, { fetch, fetchWrite, invalid }) => sum + fetch + fetchWrite + invalid, 0);

describe.each(PROGRAMS)("$name on threads", ({ name, module, input }) => {
  const run = (kernels: number, options: Partial<ThreadOptions>) =>
    runOnThreads({
      program: pathToFileURL(`dist/examples/coherency/${name}.js`),
      kernels,
      pages: module.PAGES,
      input,
      profile: "lean",
      delay: 1,
      ...options,
    });
  const readOnly = module.READ_ONLY;
  const options: readonly Partial<ThreadOptions>[] = [
    { ownerHint: true },
    { multicast: true },
    { readOnly },
    { ownerHint: true, multicast: true },
    { ownerHint: true, multicast: true, readOnly },
  ];

  it.each(options)("%j: the same as one kernel alone", async (option) => {
    const [alone] = (await run(1, {})).values;
    for (const [kernels, channels, exit] of MODES)
      for (const value of (await run(kernels, { ...option, channels, exit, seed: kernels })).values)
        expect(value).toEqual(alone);
  });

  it("all options together save requests", async () => {
    const total = async (option: Partial<ThreadOptions>) => {
      let sum = 0;
      for (const seed of SEEDS) sum += requestsOf(await run(4, { ...option, channels: "unordered", seed }));
      return sum;
    };
    // A quarter is usual; threads take turns as the machine will have it.
    expect(await total({ ownerHint: true, multicast: true, readOnly })).toBeLessThan(0.95 * (await total({})));
  });
});
