/**
 * The one error that library functions throw: a message for a person and a stable code for a program.
 *
 * What the system under test refuses (ENOMEM, a page fault) is an outcome, never an error of this kind.
 */
export type ErrorCode =
  /** A geometry that no machine has, or that the caller's array cannot hold. */
  | "GEOMETRY"
  /** An argument outside the range that the docstring names. */
  | "ARGUMENT"
  /** An operation that the caller must not ask for in this state (see `enabled` of the system). */
  | "NOT_ENABLED"
  /** An array that is too small, of the wrong kind or not initialised. */
  | "STORAGE"
  /** A text or document that cannot be read: the message names the place and what was expected. */
  | "FORMAT"
  /** A protocol cell or internal state that must be unreachable was reached. */
  | "UNREACHABLE";

export class PagetwinError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = "PagetwinError";
    this.code = code;
  }
}
