/** One leaf entry: the value that the kernel reads and writes, and the A and D bits that each member has on its own. */
import type { Access, Rights } from "../../vocabulary/page-table/access.js";
import type { LeafEntry, Table } from "./state.js";

/** A leaf as the kernel sees it: A and D are those of all members together (W3). */
export interface LeafValue {
  readonly presence: LeafEntry["presence"];
  readonly frame: number;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly accessed: boolean;
  readonly dirty: boolean;
}

/** The aggregated read (W3). */
export function aggregate(leaf: LeafEntry): LeafValue {
  const { presence, frame, writable, executable } = leaf;
  return {
    presence,
    frame,
    writable,
    executable,
    accessed: leaf.accessed.includes(true),
    dirty: leaf.dirty.includes(true),
  };
}

/** The same value in every member of `table`. */
export function inEveryMember(value: LeafValue, table: Table): LeafEntry {
  return {
    kind: "leaf",
    presence: value.presence,
    frame: value.frame,
    writable: value.writable,
    executable: value.executable,
    accessed: table.members.map(() => value.accessed),
    dirty: table.members.map(() => value.dirty),
  };
}

export function allowsWriting(rights: Rights): boolean {
  return rights === "rw-" || rights === "rwx";
}

export function allowsExecuting(rights: Rights): boolean {
  return rights === "r-x" || rights === "rwx";
}

export function rightsAllow(rights: Rights, access: Access): boolean {
  if (access === "write") return allowsWriting(rights);
  if (access === "execute") return allowsExecuting(rights);
  return rights !== "---";
}

/** Whether a present translation grants the access; reading comes with every one. */
export function grants(entry: { readonly writable: boolean; readonly executable: boolean }, access: Access): boolean {
  if (access === "write") return entry.writable;
  if (access === "execute") return entry.executable;
  return true;
}

/** Rights of the leaf itself; `---` when it is kept without access (W26). */
export function rightsOf(value: LeafValue): Rights {
  if (value.presence !== "present") return "---";
  if (value.writable) return value.executable ? "rwx" : "rw-";
  return value.executable ? "r-x" : "r--";
}
