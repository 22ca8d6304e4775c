/** A geometry as the plain value that scopes and counterexamples carry, and back. */
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import type { Shape } from "../engine/system.js";

/** What an instance is told beside its geometry. */
export interface Extras {
  /** Records that the history keeps: small scopes, whose steps write a few at most, need no more room. */
  readonly historyMax?: number;
  /** Tag bits of the cache heads; 0 in scopes, where a tag that counts on would keep states apart for ever. */
  readonly tagBits?: number;
}

export function shapeOf(machine: Geometry, extras: Extras = {}): Shape {
  return { ...machine, ...extras };
}

/** @throws PagetwinError `GEOMETRY` when a field is out of range */
export function geometryOf({ historyMax: _history, tagBits: _tag, ...shape }: Shape): Geometry {
  return geometry(shape as Partial<Geometry>);
}

export function extrasOf({ historyMax, tagBits }: Shape): Extras {
  return {
    historyMax: typeof historyMax === "number" ? historyMax : HISTORY_MAX,
    ...(typeof tagBits === "number" ? { tagBits } : {}),
  };
}
