/** Operations, built briefly: scopes, scenarios and tests share it. */
import type { Access, Mode, Rights } from "../../vocabulary/page-table/access.js";
import { type Attributes, USER_PAGE } from "../../vocabulary/page-table/entry.js";
import type { LeafLevel, Operation } from "../../vocabulary/page-table/operations.js";

export interface MapOptions {
  readonly rights?: Rights;
  readonly level?: LeafLevel;
  readonly attributes?: Attributes;
}

export function map(cpu: number, page: number, frame: number, options: MapOptions = {}): Operation {
  const { rights = "rw-", level = 1, attributes = USER_PAGE } = options;
  return { kind: "map", cpu, page, level, frame, rights, attributes };
}

export function unmap(cpu: number, page: number): Operation {
  return { kind: "unmap", cpu, page };
}

export function protect(cpu: number, page: number, rights: Rights): Operation {
  return { kind: "protect", cpu, page, rights };
}

export function split(cpu: number, page: number): Operation {
  return { kind: "split", cpu, page };
}

export function collapse(cpu: number, page: number, level: 2 | 3): Operation {
  return { kind: "collapse", cpu, page, level };
}

export function load(cpu: number): Operation {
  return { kind: "load", cpu };
}

export function flush(cpu: number): Operation {
  return { kind: "flush", cpu };
}

export function access(cpu: number, virtualPage: number, kind: Access, mode: Mode = "user"): Operation {
  return { kind: "access", cpu, virtualPage, access: kind, mode };
}
