/** The switches of `pagetwin check coherency`: rules, stamps, ties, budgets, start states. */
import { describe, expect, it } from "vitest";
import { type CoherencyMutant, coherencyMutants } from "../../properties/coherency/mutants.js";
import {
  RULE_SWITCHES,
  readingIn,
  ruleSetting,
  settingsThatMatter,
  settledReading,
  withoutSetting,
  withSettings,
} from "../../properties/coherency/rule-switches.js";
import { PROFILES, type Rules } from "../../vocabulary/coherency/rules.js";
import { commandLine } from "./command-line.js";

const { pagetwin, check } = commandLine();

describe("the rules by name", () => {
  it.each(RULE_SWITCHES)("$name: every reading is another set of rules, and one of them is each profile's", (rule) => {
    const made = Object.keys(rule.readings).map((reading) =>
      JSON.stringify(withSettings(PROFILES.normative, [`${rule.name}=${reading}`])),
    );
    expect(new Set(made).size).toBe(made.length);
    for (const profile of Object.values(PROFILES)) expect(readingIn(rule, profile)).toBeDefined();
    for (const reading of [settledReading(rule), rule.without, ...Object.values(rule.ids)])
      expect(Object.keys(rule.readings)).toContain(reading);
    expect(rule.without).not.toBe(settledReading(rule));
  });

  it("has a switch for every rule that a mutant of sections 3 to 5 reads otherwise", () => {
    const isOfOptions = ({ rules }: CoherencyMutant) =>
      rules.multicast !== undefined || rules.readOnly !== undefined || rules.ownerHint === true;
    for (const { id, profile, rules } of coherencyMutants.filter((mutant) => !isOfOptions(mutant))) {
      const asked: Rules = { ...PROFILES[profile], ...rules };
      const settings = RULE_SWITCHES.map((rule) => `${rule.name}=${readingIn(rule, asked)}`);
      expect(withSettings(PROFILES[profile], settings), id).toEqual(asked);
    }
  });

  it("makes the printed protocol out of the normative one", () => {
    const literal = RULE_SWITCHES.map(({ name }) => ruleSetting(`${name}=literal`));
    expect(withSettings(PROFILES.normative, literal)).toEqual(PROFILES.literal);
  });

  it("takes an id of the specification for the switch that it is about", () => {
    expect(["R1", "A2", "R5", "R6", "step2"].map(withoutSetting)).toEqual([
      "void-reasons=none",
      "void-reasons=fetching",
      "step2=all",
      "modified-answers=nack",
      "step2=off",
    ]);
    expect(ruleSetting("R7")).toBe("copy-kept=newest");
  });

  it("drops settings that change nothing", () => {
    expect(settingsThatMatter(PROFILES.lean, ["step1=off", "tie=nack", "owner=remembered"])).toEqual(["tie=nack"]);
  });
});

describe("one instance of another abstraction", () => {
  it.each([
    ["--stamps monotone", "fifo-atomic-monotone", 216],
    ["--stamps perfect --exit delayed", "fifo-delayed-perfect", 340],
    ["--stamps bounded 2 --channels unordered", "unordered-atomic-bounded-2", 503],
    ["--stamps bounded=3 --ties explicit", "fifo-atomic-bounded-3-ties-explicit", 320],
    ["--ties explicit", "fifo-atomic-ties-explicit", 162],
    ["--start shared", "fifo-atomic-from-shared", 51],
    ["--read-budget 1 --write-budget 1", "fifo-atomic-reads-1-writes-1", 250],
    ["--without R3", "fifo-atomic-owner=forgotten", 150],
  ])("%s", async (flags, name, states) => {
    const { code, out } = await check(flags);
    const [result] = JSON.parse(out).results;
    const isInStep = flags === "--start shared";
    expect(result).toMatchObject({ scope: `normative-2-${name}`, states, exhausted: true, inStep: isInStep ? 1 : 0 });
    expect(result.invariants).toContain("P9");
    expect(code).toBe(0);
  });

  it("says the same as a mutant when a rule is left out, and the finding can be replayed", async () => {
    const { code, out } = await check("--without R4 --channels unordered");
    expect(code).toBe(1);
    const { violations } = JSON.parse(out).results[0];
    expect(violations).toMatchObject([{ invariant: "P9" }, { invariant: "P9" }, { invariant: "P8", steps: 19 }]);
    for (const { invariant, finding } of violations) {
      const again = await pagetwin("replay", finding);
      expect(again.code).toBe(1);
      expect(again.out).toContain(`it recurs: ${invariant} `);
    }
  });

  it("replays a finding with bounded stamps and budgets", async () => {
    const { out } = await check("--without stamp-kept --stamps bounded 3 --channels unordered --read-budget 2");
    const { violations } = JSON.parse(out).results[0];
    expect(violations).toHaveLength(2);
    for (const { invariant, finding } of violations)
      expect((await pagetwin("replay", finding)).out).toContain(`it recurs: ${invariant} `);
  });

  it("is the reference abstraction when every switch is at its place there", async () => {
    const flags = "--stamps free --ties absorbed --start unmapped --rule step1 --abstraction reference --exhaustive";
    const { out } = await check(flags);
    expect(JSON.parse(out).results).toMatchObject([{ scope: "normative-2-fifo-atomic", states: 150, inStep: 1 }]);
  });
});

describe("bad values", () => {
  it.each([
    ["--stamps bounded", '--stamps is "bounded": expected free, monotone, perfect or bounded N with N from 1 to 7'],
    ["--stamps bounded 8", '--stamps is "bounded 8": expected free, monotone, perfect or bounded N with N from 1 to 7'],
    ["--ties maybe", '--ties is "maybe": expected absorbed or explicit'],
    [
      "--ties absorbed --stamps bounded 2",
      '--ties is "absorbed": expected explicit with bounded stamps, which can be equal',
    ],
    ["--start full", '--start is "full": expected unmapped or shared'],
    ["--read-budget 16", '--read-budget is "16": expected an integer from 0 to 15'],
    ["--write-budget -1", '--write-budget is "-1": expected an integer from 0 to 15'],
    ["--rule owner=me", '--rule owner is "me": expected one of remembered, not-while-unmapped, forgotten, literal'],
    ["--rule owner --without R3", "owner is given twice: expected one reading of each rule"],
    [
      "--symmetry on --ties explicit",
      '--symmetry is "on": expected off with explicit ties, where the kernels\' numbers decide',
    ],
    [
      "--symmetry on --stamps bounded 2",
      '--symmetry is "on": expected off with bounded stamps, where the kernels\' numbers decide',
    ],
    ["--without tie", "tie: expected --ties explicit or bounded stamps with it: else none are equal"],
    ["--without M2", "join-before-read: expected --multicast with it, which it is a rule of"],
    ["--page-tables --symmetry on", "--page-tables: expected none with --symmetry on, where T1 to T5 are not judged"],
    ["--page-tables --read-only", "--page-tables: expected none with --read-only, where T1 to T5 are not judged"],
    [
      "--abstraction reference --multicast",
      "--multicast: expected none with --abstraction reference, which settles it",
    ],
    [
      "--abstraction reference --write-budget 1",
      "--write-budget: expected none with --abstraction reference, which settles it",
    ],
  ])("%s", async (flags, line) => {
    expect(await check(flags)).toEqual({ code: 2, out: "", err: `pagetwin: ${line}\n` });
  });

  it.each(["--rule nothing", "--without A99"])("%s: the names that there are", async (flags) => {
    const { code, err } = await check(flags);
    expect(code).toBe(2);
    for (const { name, ids } of RULE_SWITCHES)
      for (const known of [name, ...Object.keys(ids)]) expect(err).toContain(known);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});

it("lists flags and rules in its help", async () => {
  const { code, out } = await pagetwin("check", "coherency", "--help");
  expect(code).toBe(0);
  for (const { name, says } of RULE_SWITCHES)
    expect(out).toMatch(new RegExp(`^ +${name} .* ${says.slice(0, 20)}`, "m"));
  expect(out).toContain("--stamps <kind>");
  expect((await pagetwin("check", "--help")).out).not.toContain("void-reasons");
});
