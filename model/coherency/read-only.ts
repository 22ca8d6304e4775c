/**
 * A page of a read-only region (paper, 5.2; specification, section 8): outside the protocol. Its content is its data
 * source's and never changes, so whoever reads it makes its own copy; whoever writes is at fault.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Operation } from "../../vocabulary/coherency/operations.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Scene } from "./act.js";
import { type State, withCopy } from "./state.js";

export const isReadOnly = ({ rules }: Configuration): boolean => rules.readOnly !== "off";

/** A read of the copy at hand is a local hit; every write is an answer of its own. */
export function* readOnlyAccesses({ copies }: State, kernel: number): Generator<Operation> {
  if (copies[kernel]!.state === "Unmapped") yield { kind: "read", kernel };
  yield { kind: "write", kernel, draw: 0 };
}

/** @throws PagetwinError NOT_ENABLED for anything but an access: nothing is in flight, nothing waits */
export function accessReadOnly(scene: Scene, operation: Operation): Scene {
  if (operation.kind === "write") return { ...scene, outcome: { ...scene.outcome, refused: true } };
  if (operation.kind !== "read") throw new PagetwinError("NOT_ENABLED", "a read-only page has no messages");
  const state = withCopy(scene.state, scene.kernel, { state: "Shared", data: "fresh" });
  return { ...scene, state, outcome: { ...scene.outcome, completed: true } };
}
