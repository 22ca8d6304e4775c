import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckOptions, check } from "../../cli/check.js";
import { readCounterexample } from "../../cli/counterexample-file.js";
import { mutants } from "../../cli/mutants.js";
import { replay } from "../../cli/replay.js";
import type { AnySystem } from "../../properties/engine/any-system.js";
import { toy } from "../engine/toy.js";
import { captured } from "./captured.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pagetwin-check-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The toy without one of its rules, as if nobody knew. */
const broken = (mutant: string): AnySystem => ({ ...toy, twin: (shape) => toy.twin(shape, mutant) });
const options = (): CheckOptions => ({ seed: 1, runs: 20, findings: join(folder, "findings") });
const schema = (name: string) => JSON.parse(readFileSync(`docs/schemas/${name}-1.schema.json`, "utf8"));
const expectValid = (name: string, document: unknown) => {
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema(name));
  validate(document);
  expect(validate.errors).toBeNull();
};

describe("check", () => {
  it("says what held and how much was looked at, exit code 0", async () => {
    const terminal = captured();
    expect(await check([toy], options(), terminal)).toBe(0);
    expect(terminal.outText).toContain("8 states, 32 transitions, depth 2, exhausted");
    expect(terminal.outText).toMatch(/T-agree +replicasAgree +held +all states of 1 scope, \d+ drawn commands/);
    expect(terminal.outText).toMatch(/everything held that was looked at\nseed 1\n$/);
    expect(existsSync(join(folder, "findings"))).toBe(false);
  });

  it("prints one document of the published form, the same each time", async () => {
    const texts: string[] = [];
    for (let time = 0; time < 2; time++) {
      const terminal = captured();
      await check([toy], { ...options(), json: true }, terminal);
      texts.push(terminal.outText);
    }
    expect(texts[0]).toBe(texts[1]);
    const document = JSON.parse(texts[0]!);
    expectValid("check", document);
    expect(document).toMatchObject({
      version: 1,
      verdict: "held",
      results: [
        { engine: "explore", inStep: 1 },
        { engine: "sample", runs: 20 },
      ],
    });
  });

  it("writes each finding, prints its story and the command that replays it, exit code 1", async () => {
    const terminal = captured();
    expect(await check([broken("T2")], options(), terminal)).toBe(1);
    const files = readdirSync(join(folder, "findings"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(file).toMatch(/^toy-meaning-as_is-[0-9a-f]{8}\.json$/);
      const path = join(folder, "findings", file);
      expect(terminal.outText).toContain(`npx pagetwin replay ${path}\n`);
      expect(readCounterexample(path).violation.invariant).toBe("meaning");
    }
    expect(terminal.outText).toContain("meaning meaningsAgree is violated after step 1");
    expect(terminal.outText).toMatch(/meaning +meaningsAgree +violated +broken in all, broken in long/);
  });

  it("says unfinished when a limit cuts the search, exit code 3, and a violation outweighs it", async () => {
    const terminal = captured();
    expect(await check([toy], { ...options(), scope: "all", states: 3 }, terminal)).toBe(3);
    expect(terminal.outText).toContain("cut by the limit");
    expect(terminal.outText).toMatch(/T-agree +replicasAgree +unfinished +not judged to the end/);
    expect(terminal.outText).not.toContain("everything held");
    expect(await check([toy, broken("T2")], { ...options(), states: 3 }, captured())).toBe(1);
  });

  it("ends with what was reached when the time is over, exit code 3", async () => {
    const terminal = captured();
    expect(await check([toy], { ...options(), seconds: 1e-6, json: true }, terminal)).toBe(3);
    const document = JSON.parse(terminal.outText);
    expectValid("check", document);
    expect(document.results.map(({ engine }: { engine: string }) => engine)).toEqual(["explore", "sample"]);
    for (const { verdict, limit, exhausted } of document.results)
      expect({ verdict, limit, exhausted }).toEqual({ verdict: "unfinished", limit: "time", exhausted: false });
    expect(await check([toy], { ...options(), seconds: 1000 }, captured())).toBe(0);
    const words = captured();
    await check([toy], { ...options(), seconds: 1e-6 }, words);
    expect(words.outText).toMatch(/explore +unfinished +1 state, 0 transitions, depth 0, out of time\n/);
    expect(words.outText).toMatch(/sample +unfinished +\d+ commands in \d+ runs?, out of time\n/);
  });

  it("calls a scope violated in which nothing happened that had to", async () => {
    const [scope] = toy.scopes;
    const vain: AnySystem = { ...toy, scopes: [{ ...scope!, sometimes: [{ name: "never", holds: () => false }] }] };
    const terminal = captured();
    expect(await check([vain], { ...options(), scope: "all", json: true }, terminal)).toBe(1);
    const document = JSON.parse(terminal.outText);
    expectValid("check", document);
    const inWords = captured();
    await check([vain], { ...options(), scope: "all" }, inWords);
    expect(inWords.outText).toContain("all: no state was reached in which never\n");
    expect(document.results[0].violations).toEqual([
      { invariant: "sometimes", name: "never", steps: 0, finding: null },
    ]);
  });

  it("writes JUnit and SARIF", async () => {
    const [junit, sarif] = [join(folder, "junit.xml"), join(folder, "check.sarif")];
    await check([toy, { ...broken("T2"), name: "broken" }], { ...options(), junit, sarif }, captured());
    const xml = readFileSync(junit, "utf8");
    expect(xml).toContain('<testsuites name="pagetwin" tests="4" failures="2" errors="0">');
    expect(xml).toContain('<testcase classname="toy.explore" name="all"/>');
    expect(xml).toMatch(/<failure message="meaning is violated after 1 steps" type="meaning">broken\n/);
    const { version, runs } = JSON.parse(readFileSync(sarif, "utf8"));
    expect(version).toBe("2.1.0");
    expect(runs).toHaveLength(1);
    expect(runs[0].tool.driver.name).toBe("pagetwin");
    const rules = runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(runs[0].results).toHaveLength(2);
    for (const { ruleId, message, locations } of runs[0].results) {
      expect(rules).toContain(ruleId);
      expect(message.text).toContain("the reference has 3, the implementation 2");
      expect(locations[0].physicalLocation.artifactLocation.uri).toContain("broken-meaning");
    }
  });

  it("refuses a scope that is not there and a place that cannot be written to, before any work", async () => {
    await expect(check([toy], { ...options(), scope: "none" }, captured())).rejects.toThrow(
      "--scope none: expected one of all, long",
    );
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(check([toy], { ...options(), findings: join(file, "below") }, captured())).rejects.toThrow(
      "is not a folder",
    );
  });
});

describe("mutants", () => {
  const kills = { seed: 1, runs: 50 };

  it("shows each rule with its shortest story, and exits 0 when none survives", async () => {
    const terminal = captured();
    expect(await mutants([toy], kills, terminal)).toBe(0);
    expect(terminal.outText).toMatch(/T1 +killed +T-agree +explore +1 +all/);
    expect(terminal.outText).toContain("T2: the value is stored as it is\n    1. cpu 1: write 3\n");
    expect(terminal.outText).toContain(
      "T5: replica 0 is written first\n    no difference in any state of all, nor in what was sampled\n",
    );
    expect(terminal.outText).toContain("7 mutants: 6 killed, 1 equivalent, 0 survived\nseed 1\n");
  });

  it("exits 1 when one survives, and says what was searched", async () => {
    const terminal = captured();
    const unseen: AnySystem = { ...toy, mutants: toy.mutants.map((mutant) => ({ ...mutant, scopes: [] })) };
    expect(await mutants([unseen], { ...kills, only: ["T5"] }, terminal)).toBe(1);
    expect(terminal.outText).toContain("nothing found (sampled)");
  });

  it("exits 3 when a limit came before the verdict on one: it has not survived, nor is it equivalent", async () => {
    const cut = { ...kills, states: 3, only: ["T1", "T5"] };
    const terminal = captured();
    expect(await mutants([toy], cut, terminal)).toBe(3);
    expect(terminal.outText).toMatch(/^T1 +killed .*\nT5 +unfinished *$/m);
    expect(terminal.outText).toContain(
      "    no verdict, nothing found so far (not searched to the end: all; sampled)\n",
    );
    expect(terminal.outText).toContain("2 mutants: 1 killed, 0 equivalent, 0 survived, 1 unfinished\n");

    const document = captured();
    expect(await mutants([toy], { ...cut, json: true }, document)).toBe(3);
    expectValid("mutants", JSON.parse(document.outText));
    expect(JSON.parse(document.outText)).toMatchObject({
      killed: 1,
      equivalent: 0,
      survived: 0,
      unfinished: 1,
      total: 2,
    });

    const unseen: AnySystem = { ...toy, name: "blind", mutants: [{ ...toy.mutants[0]!, id: "T0", scopes: [] }] };
    expect(await mutants([toy, unseen], { ...cut, only: ["T0", "T5"] }, captured())).toBe(1);
  });

  it("prints one document of the published form", async () => {
    const terminal = captured();
    await mutants([toy], { ...kills, json: true, findings: join(folder, "stories") }, terminal);
    const document = JSON.parse(terminal.outText);
    expectValid("mutants", document);
    expect(document).toMatchObject({ version: 1, killed: 6, equivalent: 1, total: 7 });
    expect(document.mutants[1]).toMatchObject({
      id: "T2",
      verdict: "killed",
      invariant: "meaning",
      engine: "explore",
      steps: 1,
      unexpected: false,
    });
    expect(readdirSync(join(folder, "stories"))).toHaveLength(6);
  });

  it("refuses an id that is not there", async () => {
    await expect(mutants([toy], { ...kills, only: ["T1", "T99"] }, captured())).rejects.toThrow(
      "--only T99: expected ids out of T1, T2",
    );
  });
});

describe("replay", () => {
  const load = async (name: string): Promise<AnySystem> => {
    if (name !== "toy") throw new Error(`"${name}" is no system: expected toy`);
    return toy;
  };
  const storyOf = async (mutant: string): Promise<string> => {
    const findings = join(folder, `of-${mutant}`);
    await mutants([toy], { seed: 1, runs: 50, only: [mutant], findings }, captured());
    return join(findings, readdirSync(findings)[0]!);
  };

  it("shows the story and exits 1 when it recurs", async () => {
    const terminal = captured();
    expect(await replay(await storyOf("T2"), {}, terminal, load)).toBe(1);
    expect(terminal.outText).toMatchInlineSnapshot(`
      "toy without the rule "the value is stored as it is" (mutant T2)
      scope all, explore: 1 step, a shortest story in this scope
      before it, 1 operation of set-up:
        cpu 0: write 1

           cpu 1
        1  write 3
           → 3
             value: 1 → 2
             statistics.writes: 1 → 2

      meaning meaningsAgree is violated after step 1
        value: the reference has 3, the implementation 2
        because the implementation's words have to mean the state that the reference has reached

      it recurs: meaning meaningsAgree, after step 1
      "
    `);
  });

  it("exits 0 when it does not recur, 2 when a step no longer applies", async () => {
    const file = await storyOf("T2");
    const document = readCounterexample(file);
    const [first] = document.steps;
    const rewritten = (change: object): string => {
      mkdirSync(join(folder, "edited"), { recursive: true });
      writeFileSync(join(folder, "edited", "story.json"), JSON.stringify({ ...document, ...change }));
      return join(folder, "edited", "story.json");
    };
    const whole = captured();
    expect(await replay(rewritten({ mutant: null }), {}, whole, load)).toBe(0);
    expect(whole.outText).toContain("it does not recur: all steps were done, and meaningsAgree holds");
    const stale = captured();
    const unlock = { ...first, operation: { kind: "unlock", cpu: 0 } };
    expect(await replay(rewritten({ steps: [unlock] }), { json: true }, stale, load)).toBe(2);
    const said = JSON.parse(stale.outText);
    expectValid("replay", said);
    expect(said).toMatchObject({ verdict: "inapplicable", step: 1 });
    await expect(replay(rewritten({ system: "other" }), {}, captured(), load)).rejects.toThrow(
      'story.json: "other" is no system',
    );
  });

  it("names file, place and expectation of a document that is none", async () => {
    const file = join(folder, "bad.json");
    const refuses = async (text: string, message: string) => {
      writeFileSync(file, text);
      await expect(replay(file, {}, captured(), load)).rejects.toThrow(message);
    };
    await refuses("{", "bad.json: ");
    await refuses(
      "{}",
      "bad.json: the document must have required property 'kind', expected a counterexample of version 1",
    );
    const document = readCounterexample(await storyOf("T1"));
    await refuses(JSON.stringify({ ...document, version: 2 }), "/version must be equal to constant");
    await refuses(JSON.stringify({ ...document, steps: [{}] }), "/steps/0 must have required property");
    await expect(replay(join(folder, "none.json"), {}, captured(), load)).rejects.toThrow(
      "none.json: cannot be read (ENOENT)",
    );
  });
});
