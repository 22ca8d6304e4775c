/** A geometry as the plain value that scopes and counterexamples carry, and back. */
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import type { Shape } from "../engine/system.js";

/** @param historyMax records that the history keeps; small scopes, whose steps write a few at most, need no more room */
export function shapeOf(machine: Geometry, historyMax = HISTORY_MAX): Shape {
  return { ...machine, historyMax };
}

/** @throws PagetwinError `GEOMETRY` when a field is out of range */
export function geometryOf({ historyMax: _, ...shape }: Shape): Geometry {
  return geometry(shape as Partial<Geometry>);
}

export function historyOf(shape: Shape): number {
  return typeof shape.historyMax === "number" ? shape.historyMax : HISTORY_MAX;
}
