/** `pagetwin check coherency` and `pagetwin mutants coherency`, from the flags to the files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { coherencyScopes } from "../../properties/coherency/scopes.js";
import { commandLine } from "./command-line.js";
import { mutantResults } from "./mutant-results.js";

const line = commandLine();
let out = "";
let err = "";

const pagetwin = async (...words: readonly string[]): Promise<number> => {
  const said = await line.pagetwin(...words);
  ({ out, err } = said);
  return said.code;
};

const check = (...flags: readonly string[]) =>
  pagetwin("check", "coherency", "--quiet", "--json", "--findings", line.folder(), ...flags);

const TWINS = ["answer", "meaning"];
/** Judged where the protocol's own claims hold. */
const PAGED = ["T1", "T2", "T3", "T4", "T5"];
const CLAIMS = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"];

describe("check coherency", () => {
  it.each(coherencyScopes.filter(({ configuration }) => configuration.kernels === 2))(
    "searches one instance whole, the reference in step: $name",
    async ({ name, profile, configuration: { channels, exit }, expected, broken }) => {
      const flags = ["--kernels", "2", "--channels", channels, "--exit", exit, "--profile", profile];
      const code = await check(...flags, "--abstraction", "reference", "--exhaustive");
      const document = JSON.parse(out);
      const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
        JSON.parse(readFileSync("docs/schemas/check-1.schema.json", "utf8")),
      );
      validate(document);
      expect(validate.errors).toBeNull();
      expect(document.results).toHaveLength(1);
      const [result] = document.results;
      expect(result).toMatchObject({ ...expected, scope: name, engine: "explore", exhausted: true, store: "full" });
      expect(result).toMatchObject({
        inStep: 1,
        missProbability: 0,
        invariants: [
          ...CLAIMS,
          ...(Object.keys(broken).length === 0 ? ["P9"] : []),
          ...(profile === "literal" && name !== "literal-2-fifo-atomic" ? [] : PAGED),
          ...TWINS,
        ],
      });
      expect(result.cells).toMatchObject({ possible: 97, neverReached: [] });
      expect(result.cells.reached).toBe(97 - result.cells.unvisited.length);
      const found = result.violations.map(({ invariant, steps }: { invariant: string; steps: number }) => [
        invariant,
        steps,
      ]);
      expect(Object.fromEntries(found)).toEqual(broken);
      expect(code).toBe(found.length > 0 ? 1 : 0);
      for (const { invariant, finding } of result.violations) {
        expect(await pagetwin("replay", finding)).toBe(1);
        expect(out).toContain(`it recurs: ${invariant} `);
      }
    },
  );

  it("runs two kernels in every mode unless told otherwise", async () => {
    expect(await check()).toBe(0);
    const scopes = JSON.parse(out).results.map(({ scope }: { scope: string }) => scope);
    const modes = ["2-fifo-atomic", "2-fifo-delayed", "2-unordered-atomic", "2-unordered-delayed"];
    expect(scopes).toEqual(["normative", "lean"].flatMap((profile) => modes.map((mode) => `${profile}-${mode}`)));
  });

  it("searches modulo renaming, and its stories can still be replayed", async () => {
    const flags = ["--channels", "unordered", "--exit", "delayed", "--symmetry", "on"];
    expect(await check(...flags)).toBe(0);
    expect(JSON.parse(out).results).toMatchObject([
      { states: 306, transitions: 573, depth: 22, inStep: 0, invariants: CLAIMS, exhausted: true },
    ]);
    expect(await check(...flags, "--profile", "literal")).toBe(1);
    const { violations } = JSON.parse(out).results[0];
    expect(violations).toMatchObject([
      { invariant: "P3", steps: 8 },
      { invariant: "P8", steps: 25 },
    ]);
    for (const { finding } of violations) expect(await pagetwin("replay", finding)).toBe(1);
  });

  it("tells what breaks to JUnit and SARIF, with the files that replay it", async () => {
    const [junit, sarif] = [join(line.folder(), "junit.xml"), join(line.folder(), "findings.sarif")];
    expect(await check("--profile", "literal", "--channels", "unordered", "--junit", junit, "--sarif", sarif)).toBe(1);
    const { violations } = JSON.parse(out).results[0];
    expect(violations.map(({ invariant }: { invariant: string }) => invariant)).toEqual(["P3", "P8"]);
    const report = readFileSync(junit, "utf8");
    const { runs } = JSON.parse(readFileSync(sarif, "utf8"));
    expect(report.match(/<failure /g)).toHaveLength(2);
    expect(runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      "coherency/P3/notReplicatedIsAlone",
      "coherency/P8/noDeadlock",
    ]);
    for (const [at, { finding }] of violations.entries()) {
      const { message, locations } = runs[0].results[at];
      expect(report).toContain(`npx pagetwin replay ${finding}</failure>`);
      expect(message.text).toContain(`npx pagetwin replay ${finding}`);
      expect(locations[0].physicalLocation.artifactLocation.uri).toBe(finding);
      expect(await pagetwin("replay", finding)).toBe(1);
    }
  });

  it("tells a story by its messages and by where every kernel stands", async () => {
    await check("--profile", "literal", "--channels", "unordered");
    const { finding } = JSON.parse(out).results[0].violations[1];
    expect(await pagetwin("replay", finding)).toBe(1);
    for (const line of [
      "11  receives Nack (writing) from kernel 1",
      "kernel 0 ⇒ kernel 1: Fetch_Write",
      "WRead (write), stamp 2, conc K1, inv K1        WPend1 (write), stamp 1, inv K0, fw K0, holds\n",
      "WPend2 (write), stamp 1, conc K1               Modified, conc K0\n",
    ])
      expect(out).toContain(line);
    expect(out).not.toContain("copies.0");
  });

  it("judges progress only where everything was explored", async () => {
    await check("--profile", "literal", "--channels", "unordered");
    const [{ invariants, notes }] = JSON.parse(out).results;
    expect(invariants).not.toContain("P9");
    expect(notes.join()).toContain("P9 is not judged");
  });

  it("says what was reached when a limit cuts the search, exit code 3", async () => {
    expect(await check("--kernels", "3", "--states", "5000")).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      verdict: "unfinished",
      results: [{ verdict: "unfinished", states: 5000, exhausted: false, violations: [] }],
    });
  });

  it.each([
    [["--kernels", "6"], '--kernels is "6": expected an integer from 2 to 5'],
    [["--kernels", "two"], '--kernels is "two": expected an integer from 2 to 5'],
    [["--channels", "lifo"], '--channels is "lifo": expected fifo or unordered'],
    [["--exit", "never"], '--exit is "never": expected atomic or delayed'],
    [["--profile", "strict"], '--profile is "strict": expected literal, normative, normative-r7 or lean'],
    [["--abstraction", "full"], '--abstraction is "full": expected reference'],
    [["--symmetry", "maybe"], '--symmetry is "maybe": expected off or on'],
    [["--kernel", "3"], "unknown option '--kernel' (Did you mean --kernels?)"],
  ])("answers %j with one line and exit code 2", async (flags, line) => {
    expect(await check(...flags)).toBe(2);
    expect(out).toBe("");
    expect(err).toBe(`pagetwin: ${line}\n`);
  });

  it("refuses an instance of another system", async () => {
    expect(await pagetwin("check", "page-table", "--kernels", "2")).toBe(2);
    expect(err).toBe("pagetwin: --kernels: expected the system coherency, not page-table\n");
    expect(await pagetwin("check", "--profile", "lean")).toBe(2);
    expect(err).toBe("pagetwin: --profile: expected the system coherency\n");
  });
});

describe("mutants coherency", () => {
  it("tells the shortest way in which each rule is missed, with a file that can be replayed", async () => {
    const ids = ["no-step1", "no-forced-read", "tie-nack", "lean-fetch-write-held", "fresh-stamp"];
    expect(
      await pagetwin(
        "mutants",
        "coherency",
        "--only",
        ids.join(","),
        "--json",
        "--quiet",
        "--findings",
        line.folder(),
        ...FEW,
      ),
    ).toBe(0);
    const { killed, total, mutants, withoutMutant } = JSON.parse(out);
    expect(withoutMutant).toBeUndefined();
    expect([killed, total]).toEqual([ids.length, ids.length]);
    for (const { id, invariant, steps, unexpected, finding, story } of mutants) {
      expect(`${invariant}:${steps}`).toBe(shortestOf(id));
      expect(unexpected).toBe(false);
      expect(story).toHaveLength(steps);
      expect(await pagetwin("replay", finding)).toBe(1);
      expect(out).toContain(`it recurs: ${invariant} `);
    }
  });
});

describe("a limit on the hunt for mutants", () => {
  const ids = "hint-owner-again,multicast-askers-unknown";

  it.each([
    ["--states", "100"],
    ["--seconds", "60", "--states", "100"],
  ])("%s %s leaves no verdict, exit code 3", async (...limits) => {
    expect(await pagetwin("mutants", "coherency", "--only", ids, "--quiet", ...limits)).toBe(3);
    expect(out).toMatch(/hint-owner-again +unfinished *\n/);
    expect(out).toMatch(/hint-owner-again +5\.2 +cut +cut +cut +cut +cut +cut +cut +cut\n/);
    expect(out).toContain("cut = no verdict, a limit came first");
    expect(out).toContain("    no verdict, nothing found so far (not searched to the end: lean-2-fifo-atomic;\n");
    expect(out).toContain("2 mutants: 1 killed, 0 equivalent, 0 survived, 1 unfinished\n");
  });
});

/** All states of two kernels, and few of three. */
const FEW = ["--states", "2000"];

/** The first of the shortest, as pinned for two kernels. */
function shortestOf(id: string): string {
  const killed = mutantResults[id]!.split(" | ")[0]!
    .split(" ")
    .filter((result) => result !== "harmless");
  return killed.toSorted((a, b) => Number(a.split(":")[1]) - Number(b.split(":")[1]))[0]!;
}
