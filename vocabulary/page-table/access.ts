/** What a CPU may do with a page, and what it asks for. */

/** What a mapping allows. Every mapping that allows anything can be read, as on x86-64. */
export type Rights = "---" | "r--" | "rw-" | "r-x" | "rwx";
export const RIGHTS: readonly Rights[] = ["---", "r--", "rw-", "r-x", "rwx"];

/** What a CPU wants to do with a page. */
export type Access = "read" | "write" | "execute";
export const ACCESSES: readonly Access[] = ["read", "write", "execute"];

/** In whose name: user code needs U on every level; the kernel does not (write protection binds both). */
export type Mode = "user" | "supervisor";

/** Access codes of the numeric interfaces; SUPERVISOR is added to one of the three. */
export const READ = 0;
export const WRITE = 1;
export const EXECUTE = 2;
export const SUPERVISOR = 4;
