/** What the scopes of replication are written in. */
import type { State } from "../../model/replication/state.js";
import type { Access } from "../../vocabulary/page-table/access.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Scope } from "../engine/system.js";
import * as op from "./build.js";

export type ReplicationScope = Scope<Operation, State>;

type Actions = (readonly Operation[])[];

/** A touch after which the CPU remembers nothing. */
export const passing = (cpu: number, page: number, access: Access): Operation[] => [
  op.touch(cpu, page, access),
  op.flush(cpu),
];

export const each = <Item>(items: readonly Item[], actions: (item: Item) => Actions): Actions => items.flatMap(actions);

/** A transition for each of these. */
export const one = (...operations: Operation[]): Actions => operations.map((operation) => [operation]);
