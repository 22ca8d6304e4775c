/**
 * One rule dropped, or two, with the claim that falls and the program in which it falls first. M10 to M52 are numbered as in
 * the specification; M66 and up are rules of this implementation that only threads inside the kernel can need.
 */
import type { Claims, Program } from "../../../explore/interleave/program.js";
import { ALL_RULES, type Rules } from "../../../impl/replication/rules.js";
import { publicationPrograms } from "./interleaved.js";
import type { PublicationProgram } from "./program.js";

export interface PublicationMutant {
  readonly id: string;
  /** The rule that is dropped, in words. */
  readonly rule: string;
  readonly drops: readonly (keyof Rules)[];
  /** Rule of the specification that the broken claim stands for. */
  readonly killer: string;
  /** Name of the claim, and turns of the shortest schedule that breaks it. */
  readonly claim: string;
  readonly turns: number;
  /** Name of the program. */
  readonly name: string;
  program(): Program;
  readonly claims: Claims;
  readonly effort: "quick" | "long";
}

/** Claims that the engine makes by itself. */
const ENGINES = ["operationsDoNotThrow", "everyOperationCanReturn"];

function programNamed(name: string): PublicationProgram {
  const found = publicationPrograms.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is no program of replica publication`);
  return found;
}

/** A single claim of a program: in every state, or at the end. */
function onlyClaim({ claims, name }: PublicationProgram, claim: string): Claims {
  if (claim === "historiesAreLinearizable" && claims.model !== undefined) return { model: claims.model };
  const isIt = (each: { readonly name: string }) => each.name === claim;
  const always = claims.always?.filter(isIt) ?? [];
  const atEnd = claims.atEnd?.filter(isIt) ?? [];
  if (always.length + atEnd.length === 0 && !ENGINES.includes(claim))
    throw new Error(`${name} does not claim ${claim}`);
  return { always, atEnd };
}

function mutant(
  id: string,
  rule: string,
  drops: readonly (keyof Rules)[],
  name: string,
  killer: string,
  claim: string,
  turns: number,
  effort: PublicationMutant["effort"] = "quick",
): PublicationMutant {
  const program = programNamed(name);
  const rules: Rules = { ...ALL_RULES, ...Object.fromEntries(drops.map((rule) => [rule, false])) };
  const claims = onlyClaim(program, claim);
  return { id, rule, drops, killer, claim, turns, name, program: () => program.program(rules), claims, effort };
}

export const publicationMutants: readonly PublicationMutant[] = [
  mutant(
    "M10",
    "an aggregated read adds A and D alone, of members that name the same frame (B6)",
    ["aggregateOneFrame"],
    "get / move",
    "I12",
    "readsSeeWhatThereWas",
    29,
  ),
  mutant(
    "M10-history",
    "the same, told by the reference",
    ["aggregateOneFrame"],
    "move / touch, get",
    "I12",
    "historiesAreLinearizable",
    41,
  ),
  mutant(
    "M12",
    "disable sends every CPU home",
    ["disableSendsHome"],
    "disable / walk, switch, walk",
    "I21",
    "disabledMeansHome",
    73,
  ),
  mutant(
    "M13",
    "disable waits for a grace period",
    ["disableOutwaits"],
    "disable, enable / switch",
    "I17",
    "rootsAreLive",
    153,
  ),
  mutant(
    "M14",
    "disable clears the flag before it frees copies",
    ["disableClearsFlagFirst"],
    "disable / walk, switch, walk",
    "I17",
    "rootsAreLive",
    87,
  ),
  mutant(
    "M15",
    "enable sets in_progress before enabled",
    ["inProgressFirst"],
    "enable / switch",
    "I18",
    "noRootIsEarly",
    39,
  ),
  mutant(
    "M16",
    "a switch keeps to home while enable is at work",
    ["heedInProgress"],
    "enable / switch",
    "I18",
    "noRootIsEarly",
    37,
  ),
  mutant(
    "M17",
    "enable rewrites pointers when the copies are filled",
    ["copyBeforeRewire"],
    "enable / walk",
    "I36",
    "walksFindWhatThereWas",
    59,
  ),
  mutant(
    "M18",
    "enable fills copies before it links them, with the table's lock (B2)",
    ["copyBeforeLink", "lockTableToCopy"],
    "enable / reclaim",
    "I5",
    "membersAgree",
    80,
  ),
  mutant(
    "M19",
    "enable holds the table's lock from the first word copied to the last link (B2)",
    ["lockTableToCopy"],
    "enable / reclaim",
    "I5",
    "membersAgree",
    75,
  ),
  mutant(
    "M27",
    "tables are freed after the flush",
    ["freeAfterFlush"],
    "unmap / walk, walk",
    "I25",
    "reachableTablesAreLive",
    60,
  ),
  mutant(
    "M27-cached",
    "tables are put in the page cache after the flush (B4)",
    ["freeAfterFlush"],
    "unmap / walk, walk, cached pages",
    "I25",
    "reachableTablesAreLive",
    64,
  ),
  mutant(
    "M52",
    "fork flushes after it has write-protected",
    ["forkFlushesAfter"],
    "fork / touch",
    "I37",
    "allIsInOrderAtEnd",
    179,
  ),
  mutant(
    "M67",
    "a switch looks at the flags a last time before it loads",
    ["lookAgainBeforeLoad"],
    "disable, enable / switch",
    "I17",
    "rootsAreLive",
    74,
  ),
  mutant(
    "M68",
    "a leaf is taken out of the whole ring whatever the flag says (B5)",
    ["zapByRing"],
    "disable, walk / reclaim",
    "I5",
    "membersAgree",
    26,
  ),
  mutant(
    "M69",
    "a fault keeps enable and disable out (B31)",
    ["faultsHoldAreas"],
    "disable / fault",
    "I2",
    "allIsInOrderAtEnd",
    136,
    "long",
  ),
  mutant(
    "M70",
    "disable outwaits those who walk tables without locks",
    ["walkersRead"],
    "enable, disable / age",
    "I25",
    "reachableTablesAreLive",
    204,
  ),
  mutant(
    "M71",
    "an aggregated read begins anew if home has changed",
    ["readHomeAgain"],
    "get / move",
    "I12",
    "readsSeeWhatThereWas",
    29,
  ),
  mutant(
    "M71-history",
    "the same, told by the reference",
    ["readHomeAgain"],
    "move / touch, get",
    "I12",
    "historiesAreLinearizable",
    41,
  ),
  mutant(
    "M72",
    "a fault that finds nothing to do waits for who is writing the leaf",
    ["faultsWaitForWriters"],
    "touch / touch after fork",
    "I36",
    "operationsDoNotThrow",
    160,
    "long",
  ),
  mutant(
    "M73",
    "the grace period begins when no link leads to the copies any more",
    ["outwaitUnlinked"],
    "disable / touch, get",
    "I25",
    "reachableTablesAreLive",
    81,
  ),
  mutant(
    "M74",
    "who has got a table's lock looks again whose it is (B3)",
    ["lockLooksAgain"],
    "disable / reclaim / reclaim",
    "thrown",
    "operationsDoNotThrow",
    64,
  ),
  mutant(
    "M75",
    "a fault looks again, with the lock, whether the slot is empty",
    ["faultsLookAgain"],
    "touch / touch, one page",
    "I22",
    "allIsInOrderAtEnd",
    101,
    "long",
  ),
  mutant(
    "M68-three",
    "the same with three CPUs: one on its copy still translates (B5)",
    ["zapByRing"],
    "disable / reclaim / walk",
    "I37",
    "nothingTranslates",
    43,
    "long",
  ),
];

/** Rules that nobody needs in these programs as long as the others stand: the searches are exhausted and every claim holds. */
export const equivalentOmissions: readonly {
  readonly id: string;
  readonly rule: string;
  readonly drops: readonly (keyof Rules)[];
  readonly names: readonly string[];
  readonly effort: PublicationMutant["effort"];
}[] = [
  {
    id: "M66",
    rule: "a switch looks at the flags again when it has read the slot",
    drops: ["lookAgainAfterSlot"],
    names: ["enable / switch", "disable, enable / switch", "disable / switch, walk", "disable / walk, switch, walk"],
    effort: "quick",
  },
  {
    id: "M18 with the lock",
    rule: "enable fills copies before it links them",
    drops: ["copyBeforeLink"],
    names: ["enable / switch", "enable / walk", "enable / reclaim"],
    effort: "quick",
  },
  {
    id: "M45",
    rule: "set_access_flags compares every member",
    drops: ["compareEveryMember"],
    names: ["fork / touch", "touch / touch after fork", "fork / touch, touch"],
    effort: "long",
  },
];
