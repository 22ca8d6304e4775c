/**
 * A system as the engines see it: what its operations, states and answers are is the system's own affair. They are plain
 * data, and that is all an engine knows of them.
 */
import type { SampleScope, Scope, System, Twin } from "./system.js";

export interface AnyOperation {
  readonly kind: string;
}

export interface AnyState {
  readonly statistics: unknown;
}

/** Every `System<…>` is one of these. */
export type AnySystem = System<AnyOperation, AnyState, unknown, unknown>;
export type AnyTwin = Twin<AnyOperation, AnyState, unknown, unknown>;
export type AnyScope = Scope<AnyOperation, AnyState>;
export type AnySampleScope = SampleScope<AnyOperation, AnyState>;
