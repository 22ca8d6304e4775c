/** `check --jobs`: the same searches on several threads come to the same, byte for byte. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../../cli/check.js";
import { Pool, runOnThreads } from "../../cli/check-pool.js";
import { type CheckFlags, checkedSystems } from "../../cli/check-systems.js";
import type { Task } from "../../cli/check-tasks.js";
import type { ScopeResult } from "../../cli/report.js";
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
    ["page-cache", 3, { states: 50 }, 3],
  ])("tells of %s on %i threads what one tells, %j", async (system, threads, more, code) => {
    const alone = await told(system, {}, 1, more);
    expect(alone.code).toBe(code);
    expect(await told(system, {}, threads, more)).toEqual(alone);
  });

  it("finds and writes what breaks, wherever it is searched", async () => {
    const request = { flags: { without: ["tie"], ties: "explicit" }, options: { seed: 1, runs: 1, findings: folder } };
    const pool = new Pool({ system: "coherency", ...request }, 1, 2, captured());
    pool.start();
    const { results, found } = await pool.end();
    expect(results).toMatchObject([{ system: "coherency", verdict: "violated" }]);
    expect(results[0]!.violations).toHaveLength(found.length);
    for (const { file, document } of found) expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(document);
  });

  describe("starts no other thread", () => {
    const result = { system: "none", scope: "none", engine: "explore", verdict: "held" } as const;
    const done: ScopeResult = { ...result, exhausted: true, invariants: [], violations: [] };
    const tasks = (count: number): Task[] => Array.from({ length: count }, () => ({ system: "none", run: () => done }));
    // Another thread would refuse this, and its refusal would be passed on.
    const request = { flags: { profile: "none" }, options: { seed: 1, runs: 1, findings: folder } };
    const run = (count: number, long?: number) =>
      runOnThreads({ system: "coherency", ...request }, tasks(count), 2, captured(), long);

    it("for a few short searches", async () => {
      expect((await run(8)).results).toHaveLength(8);
    });

    it("but where they are many, or long", async () => {
      await expect(run(10)).rejects.toThrow('--profile is "none": expected ');
      await expect(run(8, 0)).rejects.toThrow('--profile is "none": expected ');
    });
  });

  it("passes on what a thread refuses", async () => {
    const request = { flags: { profile: "none" }, options: { seed: 1, runs: 1, findings: folder } };
    const pool = new Pool({ system: "coherency", ...request }, 2, 2, captured());
    pool.start();
    await expect(pool.end()).rejects.toMatchObject({
      code: "ARGUMENT",
      message: expect.stringMatching(/^--profile is "none": expected /),
    });
  });
});
