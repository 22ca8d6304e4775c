/**
 * One of the programs here on several kernels that share no memory, each on a thread of its own, and on one kernel alone:
 *
 *   npm run example:coherency -- [PROGRAM [KERNELS]]     integer-sort, conjugate-gradient or fft; 4 kernels
 */
import { isDeepStrictEqual } from "node:util";
import { runOnThreads } from "../../properties/index.js";
import { PagetwinError } from "../../vocabulary/index.js";
import * as conjugateGradient from "./conjugate-gradient.js";
import * as fft from "./fft.js";
import * as integerSort from "./integer-sort.js";

interface Example {
  readonly pages: number;
  /** How many numbers. */
  readonly input: number;
}

const EXAMPLES: ReadonlyMap<string, Example> = new Map([
  ["integer-sort", { pages: integerSort.PAGES, input: 1024 }],
  ["conjugate-gradient", { pages: conjugateGradient.PAGES, input: 512 }],
  ["fft", { pages: fft.PAGES, input: 512 }],
]);

async function compare(name: string, kernels: number): Promise<boolean> {
  const example = EXAMPLES.get(name);
  if (example === undefined)
    throw new PagetwinError("ARGUMENT", `program ${name}: expected one of ${[...EXAMPLES.keys()].join(", ")}`);
  const { pages, input } = example;
  const on = (count: number) =>
    runOnThreads({ program: new URL(`./${name}.js`, import.meta.url), kernels: count, pages, input, profile: "lean" });
  const many = await on(kernels);
  const one = await on(1);
  const isSame = many.values.every((value) => isDeepStrictEqual(value, one.values[0]));
  for (const [kernel, { fetch, fetchWrite, invalid }] of many.requests.entries()) {
    process.stdout.write(`kernel ${kernel}: ${fetch} Fetch, ${fetchWrite} Fetch_Write, ${invalid} Invalid\n`);
  }
  process.stdout.write(`${name}: ${isSame ? "every kernel has" : "NOT every kernel has"} the result of one alone\n`);
  return isSame;
}

const [name = "integer-sort", kernels = "4"] = process.argv.slice(2);
try {
  if (!(await compare(name, Number(kernels)))) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof PagetwinError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
