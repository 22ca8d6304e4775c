import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const example = fileURLToPath(new URL("../../dist/examples/coherency/run.js", import.meta.url));
const run = (...args: readonly string[]) => spawnSync(process.execPath, [example, ...args], { encoding: "utf8" });

describe("the programs on kernels without shared memory", () => {
  it.each(["integer-sort", "conjugate-gradient", "fft"])("%s has the result of one kernel alone", (name) => {
    const { status, stdout } = run(name, "3");
    expect(stdout).toMatch(/^(kernel \d: \d+ Fetch, \d+ Fetch_Write, \d+ Invalid\n){3}/);
    expect(stdout).toContain(`${name}: every kernel has the result of one alone\n`);
    expect(status).toBe(0);
  });

  it.each([
    [["quick-sort"], "program quick-sort: expected one of integer-sort, conjugate-gradient, fft\n"],
    [["fft", "0"], "kernels is 0: expected an integer from 1 to 32\n"],
    [["fft", "two"], "kernels is NaN: expected an integer from 1 to 32\n"],
  ])("%j is refused in one line", (args, line) => {
    const { status, stderr } = run(...args);
    expect(stderr).toBe(line);
    expect(status).toBe(2);
  });
});
