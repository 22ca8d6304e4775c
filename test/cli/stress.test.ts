/** `check --stress`: what real threads come to, as results of a check. The threads themselves are tested with their systems. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckOptions, check } from "../../cli/check.js";
import type { AnySystem } from "../../properties/engine/any-system.js";
import type { StressOutcome } from "../../properties/engine/stress-scope.js";
import { pageCache } from "../../properties/page-cache/system.js";
import { toy } from "../engine/toy.js";
import { captured } from "./captured.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pagetwin-stress-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = (more: Partial<CheckOptions>): CheckOptions => ({ seed: 1, runs: 5, findings: folder, ...more });

/** The toy, with threads that come to this. */
function threaded(outcome: StressOutcome): AnySystem {
  const claim = { id: "census", name: "allAreThere" };
  const run = async () => outcome;
  return { ...toy, stressed: [{ name: "threads", title: "threads", claim, input: { threads: 2 }, run }] };
}

describe("check with real threads", () => {
  it("runs them only when asked, after everything else", async () => {
    const system = threaded({ operations: 7, isCut: false, wrong: [] });
    const engines = async (more: Partial<CheckOptions>) => {
      const terminal = captured();
      await check([system], options({ ...more, json: true }), terminal);
      return JSON.parse(terminal.outText).results.map(({ engine }: { engine: string }) => engine);
    };
    expect(await engines({})).not.toContain("stress");
    expect((await engines({ stress: true })).at(-1)).toBe("stress");
    expect(await engines({ scope: "threads" })).toEqual(["stress"]);
  });

  it("tells what is wrong with the input that it came from, exit code 1, in the published form", async () => {
    const system = threaded({ operations: 7, isCut: true, wrong: ["frame 3 is nowhere"] });
    const terminal = captured();
    expect(await check([system], options({ scope: "threads" }), terminal)).toBe(1);
    expect(terminal.outText).toContain("threads: frame 3 is nowhere\n");
    expect(terminal.outText).toContain('threads: input: {"threads":2}\n');
    expect(terminal.outText).toMatch(/census +allAreThere +violated +broken in threads/);
    const printed = captured();
    await check([system], options({ scope: "threads", json: true }), printed);
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
      JSON.parse(readFileSync("docs/schemas/check-1.schema.json", "utf8")),
    );
    validate(JSON.parse(printed.outText));
    expect(validate.errors).toBeNull();
  });

  it("is unfinished when the time came first, exit code 3", async () => {
    const terminal = captured();
    const system = threaded({ operations: 7, isCut: true, wrong: [] });
    expect(await check([system], options({ scope: "threads" }), terminal)).toBe(3);
    expect(terminal.outText).toMatch(/census +allAreThere +unfinished/);
  });

  it("accounts for every frame of the page cache", async () => {
    const terminal = captured();
    expect(await check([pageCache], options({ scope: "real-threads-drain" }), terminal)).toBe(0);
    expect(terminal.outText).toMatch(/census +everyFrameIsAccountedFor +held +600,\d+ operations/);
  });
});

describe("check of schedules", () => {
  it("says about how many executions the states stand for", async () => {
    const terminal = captured();
    const [first] = pageCache.interleaved!.filter(({ effort }) => effort === "quick");
    await check([pageCache], options({ scope: first!.name }), terminal);
    expect(terminal.outText).toMatch(/exhausted, for about [\d.]+[KMBT]? executions/);
  });

  const scheduled = async (more: Partial<CheckOptions>) => {
    const terminal = captured();
    const code = await check([pageCache], options({ scope: "o / oou, 16 bits", json: true, ...more }), terminal);
    const [result] = JSON.parse(terminal.outText).results;
    return { code, ...result };
  };

  it("bounds context switches, and is unfinished where that leaves something out", async () => {
    const bounded = await scheduled({ switches: 2 });
    expect(bounded).toMatchObject({ code: 3, verdict: "unfinished", exhausted: false });
    expect(bounded.notes).toEqual(["not all schedules: at most 2 context switches"]);
    // No schedule of the program has as many: nothing is left out.
    expect(await scheduled({ switches: 1000 })).toMatchObject({ code: 0, verdict: "held", exhausted: true });
  });

  it("takes executions one by one, as many as it may, and says so", async () => {
    const all = await scheduled({ executions: 1_000_000 });
    expect(all).toMatchObject({ code: 0, verdict: "held", exhausted: true, runs: 84, transitions: 572 });
    expect(await scheduled({ executions: 84 })).toMatchObject({ code: 0, verdict: "held", runs: 84 });
    const cut = await scheduled({ executions: 83 });
    expect(cut).toMatchObject({ code: 3, verdict: "unfinished", exhausted: false, runs: 83 });
    expect(cut.notes).toEqual(["not all schedules: 83 executions"]);
    const terminal = captured();
    await check([pageCache], options({ scope: "o / oou, 16 bits", executions: 83 }), terminal);
    expect(terminal.outText).toMatch(
      /turns in 83 executions, depth \d+, cut by the limit, of about [\d.]+K executions/,
    );
  });
});
