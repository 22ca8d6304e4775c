/** `check --jobs`: the same searches on several threads come to the same, byte for byte. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../../cli/check.js";
import { runOnThreads } from "../../cli/check-pool.js";
import { type CheckFlags, checkedSystems } from "../../cli/check-systems.js";
import { captured } from "./captured.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pagetwin-jobs-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function told(system: string, flags: CheckFlags, threads: number, more: object) {
  const { systems, explorers } = await checkedSystems(system, flags);
  const options = {
    seed: 1,
    runs: 2,
    findings: folder,
    json: true,
    explorers,
    jobs: { threads, system, flags },
    ...more,
  };
  const terminal = captured();
  const code = await check(systems, options, terminal);
  return { code, text: terminal.outText };
}

describe("check on several threads", () => {
  it.each([
    ["page-table", 2, {}, 0],
    ["coherency", 3, { states: 200 }, 3],
  ])("tells of %s on %i threads what one tells, %j", async (system, threads, more, code) => {
    const alone = await told(system, {}, 1, more);
    expect(alone.code).toBe(code);
    expect(await told(system, {}, threads, more)).toEqual(alone);
  });

  it("finds and writes what breaks, wherever it is searched", async () => {
    const request = { flags: { without: ["tie"], ties: "explicit" }, options: { seed: 1, runs: 1, findings: folder } };
    const { results, found } = await runOnThreads({ system: "coherency", ...request }, 1, 1, captured());
    expect(results).toMatchObject([{ system: "coherency", verdict: "violated" }]);
    expect(results[0]!.violations).toHaveLength(found.length);
    for (const { file, document } of found) expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(document);
  });

  it("passes on what a thread refuses", async () => {
    const request = { flags: { profile: "none" }, options: { seed: 1, runs: 1, findings: folder } };
    await expect(runOnThreads({ system: "coherency", ...request }, 2, 2, captured())).rejects.toMatchObject({
      code: "ARGUMENT",
      message: expect.stringMatching(/^--profile is "none": expected /),
    });
  });
});
