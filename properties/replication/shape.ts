/** A geometry as the plain value that scopes and counterexamples carry, and back. */
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import type { Shape } from "../engine/system.js";

export function shapeOf(machine: Geometry): Shape {
  return { ...machine };
}

/** @throws PagetwinError `GEOMETRY` when a field is missing from what the system needs or out of range */
export function geometryOf(shape: Shape): Geometry {
  return geometry(shape as Partial<Geometry>);
}
