/** How memory may be used, and how it is used, in the words of /proc/PID/maps. */

/** Rights of a range or of a leaf. x86-64 grants reading with every other right; `---` is no access at all. */
export type Rights = "---" | "r--" | "rw-" | "r-x" | "rwx";
export const RIGHTS: readonly Rights[] = ["---", "r--", "rw-", "r-x", "rwx"];

/** What a CPU does to a page. */
export type Access = "read" | "write" | "execute";
export const ACCESSES: readonly Access[] = ["read", "write", "execute"];
