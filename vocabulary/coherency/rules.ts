/**
 * Every rule of the protocol that can be read in more than one way, as a switch. A profile is a set of readings.
 *
 * Sources: A = row of the table of ambiguities, R = addition of the normative resolution, both in the specification.
 */
export interface Rules {
  /** R1 (A1, A2). What a CopyVoid says: its reason; only whether its sender fetches too; nothing. */
  readonly voidReasons: "all" | "fetching" | "none";
  /** R2 (A4). A fetch for reading that collects no usable Copy is broadcast again. */
  readonly repeatFetch: boolean;
  /** Lean: a Fetch_Write that collects no Copy is broadcast again. */
  readonly repeatFetchWrite: boolean;
  /**
   * R3 (A5, A6). Who remembers the sender of the last Invalid it acknowledged: everybody; all but Unmapped; nobody. With
   * `notVoid` (with multicast) everybody does, but any Copy is used as long as the owner answers with one as well.
   */
  readonly owner: "remembered" | "notWhileUnmapped" | "forgotten" | "notVoid";
  /** R7 (A5), and M1 of multicast. Of several admitted Copies: the first, the newest, the one that comes last. */
  readonly copyKept: "first" | "newest" | "last";
  /** R4 (A7). When the Invalids of a round are forgotten. */
  readonly invalidsForgotten: "onWRead" | "onBroadcast";
  /** 4.7. A loser waits for the Invalids of all concurrent writers before it fetches. */
  readonly step1: boolean;
  /** R5 (A8). A loser waits for the Fetch_Writes of all concurrent writers but one; of all; of none. */
  readonly step2: "losers" | "all" | "off";
  /** R6 (A9). What Modified answers to an Invalid: a flagged Nack; an unflagged one; it yields, with an Ack. */
  readonly modifiedAnswers: "flaggedNack" | "nack" | "ack";
  /** 4.3. Whether a writer keeps its time stamp when it tries again. */
  readonly stampKept: boolean;
  /** 4.3. Equal time stamps: the smaller kernel index wins; both are acknowledged; both are refused. */
  readonly tie: "index" | "ack" | "nack";
  /** 4.5. An Invalid during a fetch for reading makes it be repeated (InvRead2). */
  readonly refetch: boolean;
  /** 4.6 (A12). A Fetch that reaches a Writing state: waits; is answered CopyVoid; is answered in WRead only. */
  readonly fetchWhileWriting: "held" | "answered" | "answeredInWRead";
  /** 4.6 (A11). The Writing states in which a Fetch_Write is answered at once. */
  readonly fetchWriteAnswered: { readonly WPend1: boolean; readonly WPend2: boolean; readonly WRead: boolean };
  /** 4.7 (A14). What Modified withholds until the losers have asked: all requests; Fetch_Writes only; nothing. */
  readonly withholding: "all" | "fetchWrites" | "off";
  /** A13. Whether a Fetch_Write that came before the vote was won counts for the withholding. */
  readonly earlyFetchWriteCounts: boolean;
  /** 4.8. FetchNR becomes FetchVal when another kernel fetches too. */
  readonly fetchingValid: boolean;
  /** 4.8. An Invalid makes Fetching void (FetchInv). */
  readonly fetchingInvalid: boolean;
  /** 4.2. A write to an Invalid copy is preceded by a read. */
  readonly forcedRead: boolean;
  /** A10. Steps 1 and 2 and the withholding compare sets of kernels, or only how many they are. */
  readonly coordination: "sets" | "counters";
  /** A15. A WRead that already has a copy answers a Fetch_Write with it. */
  readonly copyFromWRead: boolean;
  /** A16. An Invalid that reaches WRead: stamps are compared; it is acknowledged. */
  readonly voteInWRead: "compare" | "ack";
  /** 5.2. A fetch from Invalid first asks the remembered owner alone; when that gives no Copy, everybody. */
  readonly ownerHint: boolean;
  /** 5.2. The same, when the owner had no Copy: everybody is asked, or the owner again. */
  readonly hintMissed: "everybody" | "ownerAgain";
  /** 5.2. Whether requests go to the known users of the page only, and by which rules users become known. */
  readonly multicast: MulticastRules | "off";
  /** M2. With multicast, a first touch that saw a CopyVoid(replicated) installs no Copy: it ends Invalid, and reads again. */
  readonly joinBeforeRead: boolean;
  /**
   * 5.2. `off`: the page can be written. Else it is in a read-only region: it is read from its data source and a write is
   * refused (`local`); it is fetched by the protocol nevertheless; it is written to nevertheless.
   */
  readonly readOnly: "off" | "local" | "fetched" | "written";
}

/** Multicast groups: each kernel keeps the set of the others that use the page, and a first touch alone asks everybody. */
export interface MulticastRules {
  /** A kernel that uses the page and receives a request takes its sender in. */
  readonly askersJoin: boolean;
  /** What a Copy or CopyVoid of a kernel that uses the page tells: its group and itself; itself; nothing. */
  readonly told: "group" | "sender" | "nothing";
  /** Whom a first touch asks: everybody, or the group as far as it is known. */
  readonly firstTouch: "everybody" | "group";
  /** A kernel whose copy is invalidated keeps its group; else it knows of the writer alone. */
  readonly kept: boolean;
  /** Who does not use the page answers too. */
  readonly outsidersAnswer: boolean;
}

export const MULTICAST: MulticastRules = {
  askersJoin: true,
  told: "group",
  firstTouch: "everybody",
  kept: true,
  outsidersAnswer: true,
};

/** R1 to R6; the first Copy is kept in every fetch state. */
const normative: Rules = {
  voidReasons: "all",
  repeatFetch: true,
  repeatFetchWrite: false,
  owner: "remembered",
  copyKept: "first",
  invalidsForgotten: "onWRead",
  step1: true,
  step2: "losers",
  modifiedAnswers: "flaggedNack",
  stampKept: true,
  tie: "index",
  refetch: true,
  fetchWhileWriting: "held",
  fetchWriteAnswered: { WPend1: false, WPend2: false, WRead: true },
  withholding: "all",
  earlyFetchWriteCounts: true,
  fetchingValid: true,
  fetchingInvalid: true,
  forcedRead: true,
  coordination: "sets",
  copyFromWRead: false,
  voteInWRead: "compare",
  ownerHint: false,
  hintMissed: "everybody",
  multicast: "off",
  joinBeforeRead: true,
  readOnly: "off",
};

/** The paper as printed: specification, section 3.2. */
const literal: Rules = {
  ...normative,
  voidReasons: "none",
  repeatFetch: false,
  owner: "forgotten",
  invalidsForgotten: "onBroadcast",
  modifiedAnswers: "nack",
};

/** R2 extended to WRead and R7 in place of loser steps 1 and 2. */
const lean: Rules = { ...normative, repeatFetchWrite: true, copyKept: "newest", step1: false, step2: "off" };

export const PROFILES = {
  literal,
  normative,
  /** The newest Copy wins in every fetch state. */
  "normative-r7": { ...normative, copyKept: "newest" },
  lean,
} as const satisfies { readonly [name: string]: Rules };
export type ProfileName = keyof typeof PROFILES;
