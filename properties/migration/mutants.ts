/** The rules of thread migration, dropped one at a time. */
import type { MigrationRules } from "../../impl/migration/rules.js";
import type { Mutant } from "../engine/system.js";

export interface MigrationMutant extends Mutant {
  readonly drops: keyof MigrationRules;
}

function mutant(
  id: string,
  drops: keyof MigrationRules,
  rule: string,
  killers: readonly string[],
  ...scopes: readonly string[]
): MigrationMutant {
  return { id, drops, rule, killers, scopes };
}

export const mutants: readonly MigrationMutant[] = [
  mutant(
    "search-by-thread",
    "looksForProcess",
    "an arriving thread looks for a process, not for a thread of its group",
    ["M1"],
    "return",
  ),
  mutant("blind-to-standing", "findsStanding", "an arriving thread finds a process that stands", ["M1"], "crossing"),
  mutant(
    "source-keeps-thread",
    "sourceLetsGo",
    "the source lets go of a thread whose context it sends",
    ["M2"],
    "crossing",
  ),
  mutant("context-stays", "contextIsTaken", "a context that is received is received once", ["M2"], "crossing"),
  mutant(
    "empty-is-replaced",
    "joinsEmpty",
    "a process that all threads have left is joined as it is",
    ["M3"],
    "return",
  ),
  mutant("no-sigfork", "asksMember", "a member makes room for the thread that joins", ["M3"], "crossing"),
  mutant(
    "past-its-members",
    "adoptsOnlyEmpty",
    "a process takes a thread in by itself only if it has no member",
    ["M3", "answer"],
    "crossing",
  ),
  mutant(
    "pages-go-along",
    "keepsThemHere",
    "pages in use stay on the kernel that used them when replication begins",
    ["M5"],
    "first-span",
  ),
  mutant(
    "early-reaping",
    "awaitsAllExits",
    "a process is removed when its whole group has exited",
    ["M7", "answer"],
    "return-to-copies",
  ),
  mutant("members-only", "emptyAdopts", "a process without a member takes a thread in by itself", ["L1"], "return"),
  mutant(
    "on-from-the-start",
    "startsOff",
    "the pages of a group that has not left its kernel are not replicated",
    ["M4"],
    "first-span",
  ),
  mutant(
    "on-without-its-pages",
    "keepsPagesInUse",
    "pages in use are kept when replication begins",
    ["M5"],
    "first-span",
  ),
  mutant(
    "on-as-shared",
    "keepsThemExclusive",
    "pages in use are NotReplicated when replication begins",
    ["M5"],
    "first-span",
  ),
  mutant(
    "stays-off-at-home",
    "beginsAtDeparture",
    "replication begins when a thread first leaves",
    ["M5"],
    "first-span",
  ),
  mutant(
    "newcomer-off",
    "newcomerReplicates",
    "the process that is made for an arriving thread replicates",
    ["M5"],
    "first-span",
  ),
  mutant(
    "creation-clears-copies",
    "creationKeepsCopies",
    "what a kernel knows of a page outlives the making of its process",
    ["M5"],
    "late-newcomer",
  ),
  mutant(
    "blind-to-construction",
    "findsUnderConstruction",
    "an arriving thread finds a process that is being made",
    ["M6"],
    "crossing",
  ),
  mutant(
    "departure-destroys",
    "processStays",
    "the process stays when its last thread leaves",
    ["M7"],
    "return-to-copies",
  ),
  mutant(
    "departure-drops-copies",
    "copiesStay",
    "its copies stay when its last thread leaves",
    ["M7"],
    "return-to-copies",
  ),
  mutant(
    "exit-destroys",
    "processOutlivesExit",
    "the process stays when its last thread exits and the group lives elsewhere",
    ["M7"],
    "exits",
  ),
  mutant(
    "off-again",
    "staysOn",
    "replication stays on when all threads are on one kernel again",
    ["M7"],
    "return-to-copies",
  ),
];
