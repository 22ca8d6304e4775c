/** What an event of the engine did, as bits of one number. */
export const OUTCOME_NONE = 0;
/** The event was an access that the copy permits: nothing else to do. */
export const OUTCOME_HIT = 1 << 0;
/** The pending access was completed. */
export const OUTCOME_COMPLETED = 1 << 1;
/** A write took effect: the copy has a new version, one above its former. */
export const OUTCOME_COMMITTED = 1 << 2;
/** A fetch ended with nothing but CopyVoids where the rules count on a Copy (P6). */
export const OUTCOME_FETCHED_NOTHING = 1 << 3;
/** The message cannot come in this state (P7): a broken protocol or a broken channel. Nothing was answered. */
export const OUTCOME_UNSPECIFIED = 1 << 4;
/** The access has to wait: another one is being served. */
export const OUTCOME_DELAYED = 1 << 5;
/** A request was begun with nobody to send it to (G3). */
export const OUTCOME_ASKED_NOBODY = 1 << 6;
/** A write to a page of a read-only region: a fault of the program. Nothing has changed. */
export const OUTCOME_REFUSED = 1 << 7;
