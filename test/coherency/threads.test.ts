import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import * as conjugateGradient from "../../examples/coherency/conjugate-gradient.js";
import * as fails from "../../examples/coherency/fails.js";
import * as fft from "../../examples/coherency/fft.js";
import * as integerSort from "../../examples/coherency/integer-sort.js";
import { runOnThreads, type ThreadOptions } from "../../properties/index.js";

const PROGRAMS = {
  "integer-sort": { pages: integerSort.PAGES, input: 256 },
  fft: { pages: fft.PAGES, input: 32 },
  "conjugate-gradient": { pages: conjugateGradient.PAGES, input: 32 },
  fails: { pages: fails.PAGES, input: "throw" },
} as const;
type Name = keyof typeof PROGRAMS;
const MODULES = { "integer-sort": integerSort, fft, "conjugate-gradient": conjugateGradient };

function run(name: Name, kernels: number, more: Partial<ThreadOptions> = {}) {
  const program = pathToFileURL(`dist/examples/coherency/${name}.js`);
  return runOnThreads({ program, kernels, ...PROGRAMS[name], ...more });
}

describe.each(["integer-sort", "fft", "conjugate-gradient"] as const)("%s on threads", (name) => {
  it.each([
    [2, "fifo", "atomic", 1],
    [3, "unordered", "delayed", 2],
    [4, "unordered", "atomic", 3],
    [4, "fifo", "delayed", 4],
  ] as const)(
    "%i kernels, %s, exit %s, seed %i: the same as one kernel alone",
    async (kernels, channels, exit, seed) => {
      const alone = await run(name, 1);
      const together = await run(name, kernels, { channels, exit, seed, delay: 2 });
      expect(alone.requests).toEqual([{ fetch: 0, fetchWrite: 0, invalid: 0 }]);
      for (const value of together.values) expect(value).toEqual(alone.values[0]);
      expect(Math.min(...together.requests.map(({ fetch }) => fetch))).toBeGreaterThan(0);
    },
  );
});

describe("the options of 5.2", () => {
  const lean = { profile: "lean", channels: "unordered", exit: "delayed", delay: 1 } as const;

  it.each(["integer-sort", "fft", "conjugate-gradient"] as const)(
    "all three at once leave the output of %s as it is",
    async (name) => {
      const alone = await run(name, 1);
      const { READ_ONLY: readOnly } = MODULES[name];
      const together = await run(name, 4, { ...lean, ownerHint: true, multicast: true, readOnly, seed: 5 });
      for (const value of together.values) expect(value).toEqual(alone.values[0]);
    },
  );

  it("a store to a read-only page ends the run", async () => {
    await expect(run("fails", 2, { ...lean, input: "wait", readOnly: fails.READ_ONLY })).rejects.toThrow(
      "kernel 0: kernel 0: a store to page 0, which is read-only",
    );
  });

  it.each([
    [{ ownerHint: true }, "ownerHint: expected the profile lean, not normative"],
    [{ multicast: true, profile: "normative-r7" }, "multicast: expected the profile lean, not normative-r7"],
    [{ readOnly: { first: 3, end: 5 } }, "readOnly is [3, 5): expected pages within [0, 4)"],
    [{ readOnly: { first: 2, end: 2 } }, "readOnly is [2, 2): expected pages within [0, 4)"],
  ] as const)("%j is refused", async (options, message) => {
    await expect(run("integer-sort", 2, options)).rejects.toThrow(message);
  });

  it("a read-only region needs a source", async () => {
    const program = pathToFileURL("dist/properties/coherency/figure7-threaded.js");
    const options = { program, kernels: 2, pages: 2, readOnly: { first: 1, end: 2 } };
    await expect(runOnThreads(options)).rejects.toThrow("the program exports no source for the read-only pages");
  });
});

describe("one kernel alone", () => {
  it("sorts", async () => {
    const keys = Array.from({ length: 256 }, (_, i) => integerSort.keyOf(i));
    expect((await run("integer-sort", 1)).values[0]).toEqual(keys.sort((a, b) => a - b));
  });

  it("transforms as the definition does", async () => {
    const points = 32;
    const [values] = (await run("fft", 1)).values as [readonly (readonly [number, number])[]];
    for (const [frequency, [real, imaginary]] of values.entries()) {
      let [sumReal, sumImaginary] = [0, 0];
      for (let i = 0; i < points; i++) {
        sumReal += fft.pointOf(i) * Math.cos((-2 * Math.PI * frequency * i) / points);
        sumImaginary += fft.pointOf(i) * Math.sin((-2 * Math.PI * frequency * i) / points);
      }
      expect(real).toBeCloseTo(sumReal, 9);
      expect(imaginary).toBeCloseTo(sumImaginary, 9);
    }
  });

  it("solves", async () => {
    const [[x, residual]] = (await run("conjugate-gradient", 1)).values as [[readonly number[], number]];
    expect(residual).toBeLessThan(1e-6);
    expect(4 * x[5]! - x[4]! - x[6]!).toBeCloseTo(1, 3);
  });
});

describe("options out of range are refused before any thread starts", () => {
  const bad: Record<string, unknown>[] = [
    { kernels: 0 },
    { kernels: 2.5 },
    { kernels: 33 },
    { kernels: "2" },
    { pages: 0 },
    { pages: 65_537 },
    { profile: "modern" },
    { channels: "tcp" },
    { exit: "now" },
    { seed: Number.NaN },
    { delay: -1 },
    { patience: 0 },
  ];

  it.each(bad)("%j", async (options) => {
    const [[name, value]] = Object.entries(options) as [[string, unknown]];
    const refused = run("fails", 2, options as Partial<ThreadOptions>);
    await expect(refused).rejects.toMatchObject({ name: "PagetwinError", code: "ARGUMENT" });
    await expect(refused).rejects.toThrow(new RegExp(`^${name} is "?${value}"?: expected `));
  });
});

describe("a run that goes wrong", () => {
  it("ends with the kernel and what it threw", async () => {
    await expect(run("fails", 3)).rejects.toThrow("kernel 1: out of ideas");
  });

  it("does so also where this thread is too busy to hear of the reason before it hears of the end", async () => {
    const failed = expect(run("fails", 3)).rejects.toThrow("kernel 1: out of ideas");
    await new Promise((resolve) => setTimeout(resolve, 50));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    await failed;
  });

  it("ends when nobody will ever send anything", async () => {
    await expect(run("fails", 2, { input: "wait", patience: 300 })).rejects.toThrow("no message for 300 ms");
  });

  it("does not end because one kernel has nothing left to do while another one computes", async () => {
    const { values } = await run("fails", 2, { input: "compute", patience: 100 });
    expect(values).toEqual(["done", "done"]);
  });
});
