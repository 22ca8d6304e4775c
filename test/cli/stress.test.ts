/** `check --stress`: what real threads come to, as results of a check. The threads themselves are tested with their systems. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckOptions, check } from "../../cli/check.js";
import { replay } from "../../cli/replay.js";
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

/** The toy, with threads that come to these one run after another, and then to the last of them for ever. */
function threaded(...outcomes: readonly (StressOutcome | Error)[]): AnySystem {
  const claim = { id: "census", name: "allAreThere", why: "what is nowhere is lost" };
  let runs = 0;
  const run = async () => {
    const outcome = outcomes[Math.min(runs++, outcomes.length - 1)]!;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { ...toy, stressed: [{ name: "threads", title: "threads", claim, input: { threads: 2 }, run }] };
}

const fine: StressOutcome = { operations: 7, isCut: false, wrong: [] };
const broken: StressOutcome = {
  operations: 7,
  isCut: true,
  wrong: ["frame 3 is nowhere"],
  threads: [
    { says: "pop four times", answer: "4 pops" },
    { says: "push three times", answer: "3 pushes" },
  ],
};
const validator = (schema: string) =>
  new Ajv2020({ strict: true, strictRequired: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(`docs/schemas/${schema}.schema.json`, "utf8")),
  );

describe("check with real threads", () => {
  it("runs them only when asked, after everything else", async () => {
    const system = threaded(fine);
    const engines = async (more: Partial<CheckOptions>) => {
      const terminal = captured();
      await check([system], options({ ...more, json: true }), terminal);
      return JSON.parse(terminal.outText).results.map(({ engine }: { engine: string }) => engine);
    };
    expect(await engines({})).not.toContain("stress");
    expect((await engines({ stress: true })).at(-1)).toBe("stress");
    expect(await engines({ scope: "threads" })).toEqual(["stress"]);
  });

  it("writes what is wrong as a counterexample with the input that it came from, exit code 1, in the published form", async () => {
    const terminal = captured();
    expect(await check([threaded(broken)], options({ scope: "threads" }), terminal)).toBe(1);
    expect(terminal.outText).toMatch(/ +thread 0 +thread 1\n +1 +pop four times\n +→ 4 pops\n/);
    expect(terminal.outText).toContain("  frame 3 is nowhere\n");
    expect(terminal.outText).toMatch(/census +allAreThere +violated +broken in threads/);
    const printed = captured();
    await check([threaded(broken)], options({ scope: "threads", json: true }), printed);
    const report = JSON.parse(printed.outText);
    const validate = validator("check-1");
    validate(report);
    expect(validate.errors).toBeNull();
    const document = JSON.parse(readFileSync(report.results[0].violations[0].finding, "utf8"));
    expect(document).toMatchObject({ engine: "stress", scope: { name: "threads", shape: { threads: 2 } } });
    const validateDocument = validator("counterexample-1");
    validateDocument(document);
    expect(validateDocument.errors).toBeNull();
  });

  it("takes a thread that throws for a finding", async () => {
    const terminal = captured();
    expect(await check([threaded(new Error("out of range"))], options({ scope: "threads" }), terminal)).toBe(1);
    expect(terminal.outText).toContain('a thread threw "out of range"');
  });

  const repeated = async (system: AnySystem, runs: number, change: (document: object) => object = (same) => same) => {
    const found = captured();
    await check([threaded(broken)], options({ scope: "threads", json: true }), found);
    const file = join(folder, "repeated.json");
    const { finding } = JSON.parse(found.outText).results[0].violations[0];
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(finding, "utf8")))));
    const [shown, printed] = [captured(), captured()];
    const code = await replay(file, { runs }, shown, async () => system);
    await replay(file, { runs, json: true }, printed, async () => system);
    const validate = validator("replay-1");
    validate(JSON.parse(printed.outText));
    expect(validate.errors).toBeNull();
    return { code, text: shown.outText };
  };

  it("is repeated by replay until it recurs, and says in which run", async () => {
    const other: StressOutcome = { ...broken, wrong: ["frame 1 is in 2 places"] };
    const { code, text } = await repeated(threaded(fine, fine, other), 5);
    expect(code).toBe(1);
    expect(text).toContain("  frame 1 is in 2 places\n");
    expect(text).toContain("it recurs: census allAreThere, after step 2; in run 3 of real threads\n");
  });

  it("is not said to be gone where it does not recur", async () => {
    const { code, text } = await repeated(threaded(fine), 5);
    expect(code).toBe(0);
    expect(text).toContain("allAreThere holds; 5 runs of real threads, which proves nothing\n");
  });

  it.each([
    [{ scope: { name: "others", shape: { threads: 2 }, setup: [] } }, "toy has no run of real threads others"],
    [{ scope: { name: "threads", shape: { threads: 3 }, setup: [] } }, "threads starts from other input by now"],
    [{ mutant: { id: "T99", rule: "none" } }, "toy has no mutant T99"],
  ])("no longer applies to %j, exit code 2", async (change, why) => {
    const { code, text } = await repeated(threaded(broken), 1, (document) => ({ ...document, ...change }));
    expect(code).toBe(2);
    expect(text).toContain(`the set-up no longer applies: ${why}\n`);
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
