/**
 * Every rule read otherwise: the alternatives that the table of ambiguities names, and every removal that the
 * specification's section 6 lists. Each is a switch of the production engine.
 *
 * `breaks` is what an alternative must break, in whichever mode; none = it is equivalent or harmless, and a search says
 * in which scopes that was seen.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { MULTICAST, type ProfileName, type Rules } from "../../vocabulary/coherency/rules.js";

export interface CoherencyMutant {
  readonly id: string;
  /** The rule that is dropped or read otherwise, in words. */
  readonly rule: string;
  /** Where it comes from: rows A, additions R, sections of the paper. */
  readonly source: string;
  readonly profile: ProfileName;
  readonly rules: Partial<Rules>;
  readonly ties?: Configuration["ties"];
}

const atOnce = { WPend1: false, WPend2: false, WRead: true };

export const coherencyMutants: readonly CoherencyMutant[] = [
  mutant("modified-yields", "Modified answers an Invalid with a Nack", "4.7", { modifiedAnswers: "ack" }),
  mutant("fresh-stamp", "the time stamp is kept when a write is tried again", "4.3", { stampKept: false }),
  {
    ...mutant("tie-ack", "of equal stamps the smaller index wins (both acknowledged)", "4.3", { tie: "ack" }),
    ties: "explicit",
  },
  {
    ...mutant("tie-nack", "of equal stamps the smaller index wins (both refused)", "4.3", { tie: "nack" }),
    ties: "explicit",
  },
  mutant("no-refetch", "an Invalid during a fetch for reading makes it be repeated (InvRead2)", "4.5", {
    refetch: false,
  }),
  mutant("fetch-in-writing", "a Fetch waits while its receiver is in a Writing state", "4.6", {
    fetchWhileWriting: "answered",
  }),
  mutant("fetch-in-wread", "a Fetch waits while its receiver is in WRead", "4.6, A12", {
    fetchWhileWriting: "answeredInWRead",
  }),
  mutant("fetch-write-held", "a Fetch_Write is answered at once in WRead", "4.6", {
    fetchWriteAnswered: { ...atOnce, WRead: false },
  }),
  mutant("fetch-write-in-wpend1", "a Fetch_Write waits in WPend1", "A11", {
    fetchWriteAnswered: { ...atOnce, WPend1: true },
  }),
  mutant("fetch-write-in-wpend2", "a Fetch_Write waits in WPend2", "A11", {
    fetchWriteAnswered: { ...atOnce, WPend2: true },
  }),
  mutant("no-withholding", "the winner withholds its answers until all losers have asked", "4.7", {
    withholding: "off",
  }),
  mutant("fetch-not-withheld", "the winner withholds its answer to a plain Fetch too", "A14", {
    withholding: "fetchWrites",
  }),
  mutant("early-fetch-write", "a Fetch_Write before the win counts for the withholding", "A13", {
    earlyFetchWriteCounts: false,
  }),
  mutant("no-step1", "a loser waits for the Invalids of all concurrent writers", "4.7", { step1: false }),
  mutant("no-step2", "a loser waits for the Fetch_Writes of the other losers", "4.7", { step2: "off" }),
  mutant("no-steps", "a loser waits for Invalids and Fetch_Writes", "4.7", { step1: false, step2: "off" }),
  mutant("counters", "the steps compare sets of kernels, not their sizes", "A10", { coordination: "counters" }),
  mutant("copy-from-wread", "WRead answers a Fetch_Write without a copy even if it has one", "A15", {
    copyFromWRead: true,
  }),
  mutant("wread-acknowledges", "WRead votes by its stamp", "A16", { voteInWRead: "ack" }),
  mutant("no-fetching-valid", "FetchNR becomes FetchVal when another kernel fetches too", "4.8, A3", {
    fetchingValid: false,
  }),
  mutant("no-fetching-invalid", "an Invalid makes Fetching void (FetchInv)", "4.8, A3", { fetchingInvalid: false }),
  mutant("no-forced-read", "a write to an Invalid copy is preceded by a read", "4.2", { forcedRead: false }),
  mutant("void-says-nothing", "R1: a CopyVoid says why", "A1", { voidReasons: "none" }),
  mutant("void-says-fetching", "R1: a CopyVoid says that the page is replicated", "A2", { voidReasons: "fetching" }),
  mutant("no-repeat", "R2: a fetch that collects no Copy is repeated", "A4", { repeatFetch: false }),
  mutant("first-copy", "R3: only the remembered owner's Copy is used (instead: the first)", "A5", {
    owner: "forgotten",
  }),
  mutant("newest-copy", "R3: only the remembered owner's Copy is used (instead: the newest)", "A5", {
    owner: "forgotten",
    copyKept: "newest",
  }),
  mutant("last-copy", "R3: only the remembered owner's Copy is used (instead: the last)", "A5", {
    owner: "forgotten",
    copyKept: "last",
  }),
  mutant("unmapped-forgets", "R3: Unmapped kernels remember the owner too", "A6", { owner: "notWhileUnmapped" }),
  mutant("invalids-forgotten", "R4: an Invalid that reaches WRead counts for the next round", "A7", {
    invalidsForgotten: "onBroadcast",
  }),
  mutant("step2-waits-for-all", "R5: step 2 does not wait for the winner", "A8", { step2: "all" }),
  mutant("unflagged-nack", "R6: the Nack from Modified carries the writing flag", "A9", { modifiedAnswers: "nack" }),
  lean("lean-first-copy", "R7: WRead keeps the newest Copy (instead: the first)", "A5", { copyKept: "first" }),
  lean("lean-last-copy", "R7: WRead keeps the newest Copy (instead: the last)", "A5", { copyKept: "last" }),
  lean("lean-no-repeat-write", "lean R2: a Fetch_Write that collects no Copy is repeated", "4", {
    repeatFetchWrite: false,
  }),
  lean("lean-unflagged-nack", "R6 in the lean profile", "A9", { modifiedAnswers: "nack" }),
  lean("lean-invalids-forgotten", "R4 in the lean profile", "A7", { invalidsForgotten: "onBroadcast" }),
  lean("lean-fetch-in-writing", "the delay of a plain Fetch, in the lean profile", "A12", {
    fetchWhileWriting: "answered",
  }),
  lean("lean-no-withholding", "withholding, in the lean profile", "4.7", { withholding: "off" }),
  lean("lean-modified-yields", "the Nack from Modified, in the lean profile", "4.7", { modifiedAnswers: "ack" }),
  lean("lean-fresh-stamp", "kept stamps, in the lean profile", "4.3", { stampKept: false }),
  lean("lean-fetch-write-held", "the immediate answer to a Fetch_Write in WRead, in the lean profile", "4.6", {
    fetchWriteAnswered: { ...atOnce, WRead: false },
  }),
  {
    ...lean("lean-tie-ack", "the index tie-break, in the lean profile (both acknowledged)", "4.3", { tie: "ack" }),
    ties: "explicit",
  },
  {
    ...lean("lean-tie-nack", "the index tie-break, in the lean profile (both refused)", "4.3", { tie: "nack" }),
    ties: "explicit",
  },
  lean("lean-void-says-nothing", "R1 in the lean profile", "A1", { voidReasons: "none" }),
  lean("lean-void-says-fetching", "R1 in the lean profile", "A2", { voidReasons: "fetching" }),
  lean("lean-no-repeat", "R2 in the lean profile", "A4", { repeatFetch: false }),
  lean("lean-unmapped-forgets", "R3: Unmapped kernels remember the owner too, in the lean profile", "A6", {
    owner: "notWhileUnmapped",
  }),
  lean("lean-newest-copy", "R3 in the lean profile", "A5", { owner: "forgotten" }),
  lean("hint-owner-again", "an owner that has no Copy is not asked alone again", "5.2", {
    ownerHint: true,
    hintMissed: "ownerAgain",
  }),
  lean("hint-no-repeat", "when the owner has no Copy, everybody is asked", "5.2", {
    ownerHint: true,
    repeatFetch: false,
  }),
  grouped("multicast-as-printed", "M1 and M2: the newest Copy wins, and who is new joins before it reads", {
    copyKept: "first",
    joinBeforeRead: false,
  }),
  grouped("multicast-first-copy", "M1: the newest Copy wins (instead: the first)", { copyKept: "first" }),
  grouped("multicast-no-join", "M2: who is new to a replicated page joins before it reads", { joinBeforeRead: false }),
  grouped("multicast-no-owner", "R3 with multicast (instead: the newest Copy)", { owner: "forgotten" }),
  grouped("multicast-owner-not-void", "R3 with multicast (instead: the newest Copy, if the owner has one)", {
    owner: "notVoid",
  }),
  grouped("multicast-askers-unknown", "who uses the page and is asked takes the asker in", {
    multicast: { ...MULTICAST, askersJoin: false },
  }),
  grouped("multicast-untold", "an answer tells of its sender and of those that it knows", {
    multicast: { ...MULTICAST, told: "nothing" },
  }),
  grouped("multicast-sender-told", "an answer tells of those that its sender knows, not of the sender alone", {
    multicast: { ...MULTICAST, told: "sender" },
  }),
  grouped("multicast-first-touch", "a first touch asks everybody", {
    multicast: { ...MULTICAST, firstTouch: "group" },
  }),
  grouped("multicast-forgetful", "a kernel whose copy is invalidated keeps its group (instead: the writer alone)", {
    multicast: { ...MULTICAST, kept: false },
  }),
  lean("read-only-fetched", "a page of a read-only region is read from its data source", "5.2", {
    readOnly: "fetched",
  }),
  lean("read-only-written", "a write to a page of a read-only region is refused", "5.2", { readOnly: "written" }),
  grouped("multicast-silent", "who does not use the page answers too", {
    multicast: { ...MULTICAST, outsidersAnswer: false },
  }),
];

/** Rows of the table of ambiguities that name no alternative, with what fixes them in its place. */
export const rowsWithoutMutant: readonly { readonly row: string; readonly because: string }[] = [
  {
    row: "A17",
    because: "cells Shared × Write (draws the stamp) and WRead × EndWithCopy (keeps it): a forced read has none yet",
  },
  { row: "A18", because: "cell Shared × InvalidOlder: the pending write falls back to Invalid and reads again" },
  {
    row: "A19",
    because: "both readings are modes, --exit atomic and --exit delayed: every mutant is looked for in each",
  },
  { row: "A20", because: "the cells of FetchNR, FetchVal and FetchInv; A3's mutants drop FetchVal and FetchInv" },
  { row: "A21", because: "cells that cannot be: P7, no scope reaches one" },
  { row: "A22", because: "T3: an entry that stays present in WPend1 goes out of date" },
];

function mutant(id: string, rule: string, source: string, rules: Partial<Rules>): CoherencyMutant {
  return { id, rule, source, profile: "normative", rules };
}

/** The lean profile with multicast groups, M1 and M2. */
function grouped(id: string, rule: string, rules: Partial<Rules>): CoherencyMutant {
  return lean(id, rule, "5.2", { multicast: MULTICAST, ...rules });
}

function lean(id: string, rule: string, source: string, rules: Partial<Rules>): CoherencyMutant {
  return { id, rule, source, profile: "lean", rules };
}
