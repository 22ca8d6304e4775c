/** The reports that other programs read: JUnit as the common XSD has it, SARIF 2.1.0 with all that its schema requires. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { check } from "../../cli/check.js";
import { mutants } from "../../cli/mutants.js";
import type { AnySystem } from "../../properties/engine/any-system.js";
import { pageCache } from "../../properties/page-cache/system.js";
import { replication } from "../../properties/replication/system.js";
import { toy } from "../engine/toy.js";
import { captured } from "./captured.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "page twin-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const violated: AnySystem = { ...toy, name: "violated", twin: (shape) => toy.twin(shape, "T2") };
const vain: AnySystem = {
  ...toy,
  name: "vain",
  scopes: toy.scopes.slice(0, 1).map((scope) => ({ ...scope, sometimes: [{ name: "never", holds: () => false }] })),
};
/** A system whose words for an operation hold what XML cannot. */
const odd: AnySystem = {
  ...violated,
  name: "odd",
  describe: (operation) => `${operation.kind} \u0000\u001b[31m\ud800<&"`,
};

async function reports(systems: readonly AnySystem[], more: object = {}): Promise<{ xml: string; sarif: Sarif }> {
  const [junit, sarif] = [join(folder, "report.xml"), join(folder, "report.sarif")];
  await check(systems, { seed: 1, runs: 5, findings: join(folder, "found"), junit, sarif, ...more }, captured());
  return { xml: readFileSync(junit, "utf8"), sarif: JSON.parse(readFileSync(sarif, "utf8")) };
}

interface Sarif {
  readonly version: string;
  readonly $schema: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Rule[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
}

/** What an element says of how many it holds, and how many there are. */
function counted(xml: string): { readonly said: number[]; readonly found: number[] } {
  const said = /^<(?:testsuites|testsuite) [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(xml);
  const cases = xml.match(/<testcase [^>]*?(\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  return {
    said: (said ?? []).slice(1).map(Number),
    found: [cases.length, ...["<failure ", "<error "].map((tag) => cases.filter((each) => each.includes(tag)).length)],
  };
}

it("JUnit: suites, cases and failures, counted as they are", async () => {
  const { xml } = await reports([toy, violated, vain], { scope: "all" });
  expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="pagetwin" ')).toBe(true);
  const whole = counted(xml.slice(xml.indexOf("<testsuites")));
  expect(whole.said).toEqual(whole.found);
  expect(whole.said).toEqual([3, 2, 0]);
  const suites = xml.match(/<testsuite [\s\S]*?<\/testsuite>/g) ?? [];
  expect(suites.map((suite) => /name="([^"]*)"/.exec(suite)?.[1])).toEqual(["toy", "violated", "vain"]);
  for (const suite of suites) expect(counted(suite).said).toEqual(counted(suite).found);
  for (const attributes of xml.match(/<testcase [^>]*>/g) ?? [])
    expect(attributes).toMatch(/classname="\S+" name="[^"]+"/);
  for (const attributes of xml.match(/<failure [^>]*>/g) ?? [])
    expect(attributes).toMatch(/message="[^"]+" type="[^"]+"/);
});

it("JUnit: a scope that was cut short is an error, no failure", async () => {
  const { xml } = await reports([toy], { scope: "all", states: 3 });
  expect(xml).toContain('tests="1" failures="0" errors="1"');
  expect(xml).toMatch(/<testcase [^>]*>\s*<error message="a limit was reached before a verdict"\/>\s*<\/testcase>/);
});

it("JUnit: nothing that XML cannot hold", async () => {
  const { xml } = await reports([odd], { scope: "all" });
  expect([...xml].filter((each) => /[\p{Cc}\p{Cs}]/u.test(each) && !"\t\n\r".includes(each))).toEqual([]);
  expect(xml).toContain("&lt;&amp;&quot;");
});

it("SARIF: every rule once, every result with its rule, places as URIs", async () => {
  const { sarif } = await reports([toy, violated, vain], { scope: "all" });
  expect(sarif).toMatchObject({ version: "2.1.0", $schema: expect.stringContaining("sarif-2.1.0") });
  expect(sarif.runs).toHaveLength(1);
  const { tool, results } = sarif.runs[0]!;
  const ids = tool.driver.rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, shortDescription } of tool.driver.rules) {
    expect(name).not.toBe("");
    expect(shortDescription.text).not.toBe("");
  }
  expect(results.map(({ ruleId }) => ruleId)).toEqual(["violated/meaning/meaningsAgree", "vain/sometimes/never"]);
  for (const { ruleId, level, message, locations } of results) {
    expect(ids).toContain(ruleId);
    expect(["none", "note", "warning", "error"]).toContain(level);
    expect(message.text).not.toBe("");
    for (const { physicalLocation } of locations) {
      const { uri } = physicalLocation.artifactLocation;
      expect(uri).not.toContain(" ");
      expect(JSON.parse(readFileSync(decodeURIComponent(uri), "utf8")).system).toBe("violated");
    }
  }
});

it("SARIF: several claims of one rule are several entries", async () => {
  const { sarif } = await reports([replication], { scope: "short-of-memory-1-1" });
  const ids = sarif.runs[0]!.tool.driver.rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(
    expect.arrayContaining(["replication/I20/steeringIsInRange", "replication/I20/steeringTargetsHaveCopies"]),
  );
});

it("mutants --json: stories of schedules are of the published form as well", async () => {
  const terminal = captured();
  await mutants([pageCache], { seed: 1, runs: 1, only: ["M29"], json: true }, terminal);
  const document = JSON.parse(terminal.outText);
  const schema = JSON.parse(readFileSync("docs/schemas/mutants-1.schema.json", "utf8"));
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
  validate(document);
  expect(validate.errors).toBeNull();
  expect(document.mutants[0]).toMatchObject({ id: "M29", verdict: "killed", engine: "interleave" });
});
