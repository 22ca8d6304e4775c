/**
 * The rules of the protocol by the names that a person types, each with its readings. What is not named keeps the reading of
 * the profile.
 *
 * Rule ids (R, A) are those of the specification; an id stands for the switch that it is about. The options of the paper's
 * 5.2 are no readings of a rule and have flags of their own.
 */
import { PROFILES, type Rules } from "../../vocabulary/coherency/rules.js";
import { PagetwinError } from "../../vocabulary/errors.js";

type Readings = { readonly [reading: string]: RuleChange };
type RuleChange = Partial<Omit<Rules, "fetchWriteAnswered">> & {
  readonly fetchWriteAnswered?: Partial<Rules["fetchWriteAnswered"]>;
};

export interface RuleSwitch {
  readonly name: string;
  /** The rule in words. */
  readonly says: string;
  readonly readings: Readings;
  /** What the name alone stands for, where it is not the reading of the normative profile. */
  readonly settled?: string;
  /** The reading that leaves the rule out. */
  readonly without: string;
  /** Ids of the specification, each with the reading that leaves just that out. */
  readonly ids: { readonly [id: string]: string };
}

export const RULE_SWITCHES: readonly RuleSwitch[] = [
  {
    name: "void-reasons",
    says: "what a CopyVoid says",
    readings: { all: { voidReasons: "all" }, fetching: { voidReasons: "fetching" }, none: { voidReasons: "none" } },
    without: "none",
    ids: { R1: "none", A1: "none", A2: "fetching" },
  },
  onOff("fetching-valid", "FetchNR becomes FetchVal when another kernel fetches too (4.8)", "fetchingValid", []),
  onOff("fetching-invalid", "an Invalid makes a first fetch void (4.8)", "fetchingInvalid", []),
  onOff("repeat-fetch", "a fetch for reading that collects no usable Copy is repeated", "repeatFetch", ["R2", "A4"]),
  {
    ...onOff("repeat-fetch-write", "a Fetch_Write that collects no Copy is repeated (lean R2)", "repeatFetchWrite", []),
    settled: "on",
  },
  {
    name: "owner",
    says: "who remembers the sender of the last Invalid that it acknowledged",
    readings: {
      remembered: { owner: "remembered" },
      "not-while-unmapped": { owner: "notWhileUnmapped" },
      forgotten: { owner: "forgotten" },
    },
    without: "forgotten",
    ids: { R3: "forgotten", A5: "forgotten", A6: "not-while-unmapped" },
  },
  {
    name: "copy-kept",
    says: "which of several admitted Copies is kept",
    readings: { first: { copyKept: "first" }, newest: { copyKept: "newest" }, last: { copyKept: "last" } },
    settled: "newest",
    without: "first",
    ids: { R7: "first", M1: "first" },
  },
  {
    name: "invalids-forgotten",
    says: "when the Invalids of a round are forgotten",
    readings: {
      "on-wread": { invalidsForgotten: "onWRead" },
      "on-broadcast": { invalidsForgotten: "onBroadcast" },
    },
    without: "on-broadcast",
    ids: { R4: "on-broadcast", A7: "on-broadcast" },
  },
  onOff(
    "join-before-read",
    "with multicast, a newcomer to a replicated page reads as a member only",
    "joinBeforeRead",
    ["M2"],
  ),
  onOff("step1", "a loser waits for the Invalids of all concurrent writers (4.7)", "step1", []),
  {
    name: "step2",
    says: "whose Fetch_Writes a loser waits for",
    readings: { losers: { step2: "losers" }, all: { step2: "all" }, off: { step2: "off" } },
    without: "off",
    ids: { R5: "all", A8: "all" },
  },
  {
    name: "modified-answers",
    says: "what Modified answers to an Invalid",
    readings: {
      "flagged-nack": { modifiedAnswers: "flaggedNack" },
      nack: { modifiedAnswers: "nack" },
      ack: { modifiedAnswers: "ack" },
    },
    without: "ack",
    ids: { R6: "nack", A9: "nack" },
  },
  onOff("stamp-kept", "a writer keeps its time stamp when it tries again (4.3)", "stampKept", []),
  {
    name: "tie",
    says: "who wins of two equal time stamps; needs --ties explicit or bounded stamps (4.3)",
    readings: { index: { tie: "index" }, ack: { tie: "ack" }, nack: { tie: "nack" } },
    without: "ack",
    ids: {},
  },
  onOff("refetch", "an Invalid during a fetch for reading makes it be repeated (4.5)", "refetch", []),
  {
    name: "fetch-while-writing",
    says: "what becomes of a Fetch that reaches a Writing state (4.6)",
    readings: {
      held: { fetchWhileWriting: "held" },
      answered: { fetchWhileWriting: "answered" },
      "answered-in-wread": { fetchWhileWriting: "answeredInWRead" },
    },
    without: "answered",
    ids: { A12: "answered-in-wread" },
  },
  fetchWriteIn("wpend1", "WPend1", ["A11"]),
  fetchWriteIn("wpend2", "WPend2", []),
  fetchWriteIn("wread", "WRead", []),
  {
    name: "withholding",
    says: "what the winner withholds until the losers have asked (4.7)",
    readings: {
      all: { withholding: "all" },
      "fetch-writes": { withholding: "fetchWrites" },
      off: { withholding: "off" },
    },
    without: "off",
    ids: { A14: "fetch-writes" },
  },
  onOff("early-fetch-write", "a Fetch_Write before the win counts for withholding", "earlyFetchWriteCounts", ["A13"]),
  onOff("forced-read", "a write to an Invalid copy is preceded by a read (4.2)", "forcedRead", []),
  {
    name: "coordination",
    says: "steps and withholding compare sets of kernels, or only their sizes",
    readings: { sets: { coordination: "sets" }, counters: { coordination: "counters" } },
    without: "counters",
    ids: { A10: "counters" },
  },
  {
    name: "copy-from-wread",
    says: "WRead answers a Fetch_Write with the copy that it has",
    readings: { off: { copyFromWRead: false }, on: { copyFromWRead: true } },
    without: "on",
    ids: { A15: "on" },
  },
  {
    name: "vote-in-wread",
    says: "what WRead does with an Invalid",
    readings: { compare: { voteInWRead: "compare" }, ack: { voteInWRead: "ack" } },
    without: "ack",
    ids: { A16: "ack" },
  },
];

type OnOffRule = { [Rule in keyof Rules]: Rules[Rule] extends boolean ? Rule : never }[keyof Rules];

function onOff(name: string, says: string, rule: OnOffRule, ids: readonly string[]): RuleSwitch {
  const readings: Readings = { on: { [rule]: true }, off: { [rule]: false } };
  return { name, says, readings, without: "off", ids: Object.fromEntries(ids.map((id) => [id, "off"])) };
}

function fetchWriteIn(state: string, field: keyof Rules["fetchWriteAnswered"], ids: readonly string[]): RuleSwitch {
  const answer = (isAnswered: boolean): RuleChange => ({ fetchWriteAnswered: { [field]: isAnswered } });
  const readings = { held: answer(false), answered: answer(true) };
  const without = PROFILES.normative.fetchWriteAnswered[field] ? "held" : "answered";
  return {
    name: `fetch-write-in-${state}`,
    says: `what becomes of a Fetch_Write that reaches ${field} (4.6)`,
    readings,
    without,
    ids: Object.fromEntries(ids.map((id) => [id, without])),
  };
}

/** Typed in place of a reading: the printed one. */
const LITERAL = "literal";

/**
 * What `--rule NAME=READING` says; `NAME` alone is the settled reading.
 * @returns a setting, `name=reading`
 * @throws PagetwinError `ARGUMENT` listing the names, or the readings
 */
export function ruleSetting(said: string): string {
  const [name = "", ...readings] = said.split("=");
  const { rule } = ruleNamed("--rule", name);
  const asked = readings.length === 0 ? settledReading(rule) : readings.join("=");
  const reading = asked === LITERAL ? readingIn(rule, PROFILES.literal)! : asked;
  if (rule.readings[reading] === undefined) {
    const allowed = [...Object.keys(rule.readings), LITERAL].join(", ");
    throw new PagetwinError("ARGUMENT", `--rule ${name} is "${reading}": expected one of ${allowed}`);
  }
  return `${rule.name}=${reading}`;
}

/** What the name of a rule alone stands for. */
export function settledReading(rule: RuleSwitch): string {
  return rule.settled ?? readingIn(rule, PROFILES.normative)!;
}

/** What `--without NAME` says. */
export function withoutSetting(said: string): string {
  const { rule, without } = ruleNamed("--without", said);
  return `${rule.name}=${without}`;
}

function ruleNamed(flag: string, said: string): { readonly rule: RuleSwitch; readonly without: string } {
  const rule = RULE_SWITCHES.find(({ name, ids }) => name === said || ids[said] !== undefined);
  if (rule !== undefined) return { rule, without: rule.ids[said] ?? rule.without };
  const names = RULE_SWITCHES.map(({ name }) => name).join(", ");
  const ids = RULE_SWITCHES.flatMap((each) => Object.keys(each.ids)).toSorted(byLetterAndNumber);
  throw new PagetwinError(
    "ARGUMENT",
    `${flag} is "${said}": expected one of ${names}, or an id out of ${ids.join(", ")}`,
  );
}

/** Ids as the specification counts them: R1 before R2, A2 before A10. */
function byLetterAndNumber(left: string, right: string): number {
  if (left[0] !== right[0]) return left < right ? 1 : -1;
  return Number(left.slice(1)) - Number(right.slice(1));
}

/** The reading that a set of rules has. */
export function readingIn(rule: RuleSwitch, rules: Rules): string | undefined {
  return Object.keys(rule.readings).find((reading) => sameRules(changed(rules, rule.readings[reading]!), rules));
}

/**
 * The rules with some settings; of two settings of one rule the later counts.
 * @throws PagetwinError `ARGUMENT` for what is not `name=reading`
 */
export function withSettings(rules: Rules, settings: readonly string[]): Rules {
  return settings.reduce((before, setting) => {
    const [name, reading = ""] = setting.split("=");
    const change = RULE_SWITCHES.find((each) => each.name === name)?.readings[reading];
    if (change === undefined) throw new PagetwinError("ARGUMENT", `rules has "${setting}": expected name=reading`);
    return changed(before, change);
  }, rules);
}

/** What is left of some settings when those are dropped that change nothing: in the order of `RULE_SWITCHES`, each once. */
export function settingsThatMatter(rules: Rules, settings: readonly string[]): readonly string[] {
  const wanted = withSettings(rules, settings);
  return RULE_SWITCHES.flatMap((rule) => {
    const reading = readingIn(rule, wanted);
    return reading === readingIn(rule, rules) ? [] : [`${rule.name}=${reading}`];
  });
}

export function sameRules(left: Rules, right: Rules): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function changed(rules: Rules, change: RuleChange): Rules {
  const fetchWriteAnswered = { ...rules.fetchWriteAnswered, ...change.fetchWriteAnswered };
  return { ...rules, ...change, fetchWriteAnswered };
}
