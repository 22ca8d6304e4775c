/**
 * `npm run bench:programs`: the programs of examples/coherency on four threads with private memory, with and without the options
 * of the paper's 5.2: requests, and messages saved. Outputs are compared with those of one kernel alone. Counts vary from
 * run to run, as real threads do; each is the mean of RUNS.
 */
import { isDeepStrictEqual } from "node:util";
import * as conjugateGradient from "../examples/coherency/conjugate-gradient.js";
import * as fft from "../examples/coherency/fft.js";
import * as integerSort from "../examples/coherency/integer-sort.js";
import { runOnThreads, type ThreadOptions, type ThreadRun } from "../properties/engine/kernel-threads.js";

const KERNELS = 4;
const RUNS = 3;
const PERCENT = 100;

const PROGRAMS = [
  { name: "integer-sort", module: integerSort, input: 1024 },
  { name: "conjugate-gradient", module: conjugateGradient, input: 512 },
  { name: "fft", module: fft, input: 512 },
] as const;
type Program = (typeof PROGRAMS)[number];

type Option = { readonly name: string } & Partial<ThreadOptions> & { readonly isLocal?: boolean };
const OPTIONS: readonly Option[] = [
  { name: "none" },
  { name: "owner hint", ownerHint: true },
  { name: "multicast", multicast: true },
  { name: "read-only region", isLocal: true },
  { name: "all three", ownerHint: true, multicast: true, isLocal: true },
];

function run({ name, module, input }: Program, option: Option, kernels: number, seed: number): Promise<ThreadRun> {
  const { isLocal = false, ownerHint = false, multicast = false } = option;
  return runOnThreads({
    program: new URL(`../examples/coherency/${name}.js`, import.meta.url),
    kernels,
    pages: module.PAGES,
    input,
    profile: "lean",
    channels: "unordered",
    ownerHint,
    multicast,
    ...(isLocal ? { readOnly: module.READ_ONLY } : {}),
    seed,
    delay: 1,
  });
}

/** Requests of all kernels, and twice as many messages: each request is answered once. */
function requestsOf({ requests }: ThreadRun): number {
  return requests.reduce((sum, { fetch, fetchWrite, invalid }) => sum + fetch + fetchWrite + invalid, 0);
}

for (const program of PROGRAMS) {
  const [alone] = (await run(program, OPTIONS[0]!, 1, 1)).values;
  let without = 0;
  for (const option of OPTIONS) {
    let requests = 0;
    for (let seed = 1; seed <= RUNS; seed++) {
      const found = await run(program, option, KERNELS, seed);
      if (!found.values.every((value) => isDeepStrictEqual(value, alone)))
        throw new Error(`${program.name}, ${option.name}, seed ${seed}: another output than one kernel's alone`);
      requests += requestsOf(found) / RUNS;
    }
    without ||= requests;
    const saved = Math.round(PERCENT * (1 - requests / without));
    const counts = `${Math.round(requests)} requests, ${Math.round(2 * requests)} messages, ${saved} % saved`;
    process.stdout.write(`${program.name.padEnd(20)}${option.name.padEnd(18)}${counts}\n`);
  }
}
