/**
 * Comparing plain data: whether two are equal, and where they differ, by paths that a person can read
 * (`spaces.0.root.entries.1.accessed.0`). A key whose value is undefined is absent.
 */
import type { Plain } from "./system.js";

export interface Change {
  /** Keys and indices, joined by dots; the empty path is the whole. */
  readonly path: string;
  /** Absent where there was nothing. */
  readonly before?: Plain;
  /** Absent where there is nothing any more. */
  readonly after?: Plain;
}

type Fields = Readonly<Record<string, unknown>>;

/** One function, so that the compiler does not put its halves into each other again and again. */
export function equalPlain(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isComposite(one) || !isComposite(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  if (Array.isArray(one)) {
    if (one.length !== other.length) return false;
    for (let i = 0; i < one.length; i++) if (one[i] !== other[i] && !equalPlain(one[i], other[i])) return false;
    return true;
  }
  let fields = 0;
  for (const key in one) {
    const value = one[key];
    if (value === undefined) continue;
    fields++;
    if (value !== other[key] && !equalPlain(value, other[key])) return false;
  }
  return fields === countOfFields(other);
}

/** How many fields of a record are not undefined. */
function countOfFields(record: Fields): number {
  let fields = 0;
  for (const key in record) if (record[key] !== undefined) fields++;
  return fields;
}

/** Two values that were found equal. They never change. */
export interface EqualPair<Value = unknown> {
  readonly one: Value;
  readonly other: Value;
}

/** Whether two values are equal. What is on both sides the very object that it is in `known` is not looked at again. */
export function equalBeside({ one, other }: EqualPair, known: EqualPair | undefined): boolean {
  return known === undefined ? equalPlain(one, other) : isEqualBeside(one, other, known.one, known.other);
}

function isEqualBeside(one: unknown, other: unknown, knownOne: unknown, knownOther: unknown): boolean {
  if (one === other || (one === knownOne && other === knownOther)) return true;
  if (!isComposite(one) || !isComposite(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  if (!isComposite(knownOne) || !isComposite(knownOther)) return equalPlain(one, other);
  if (Array.isArray(one)) {
    if (one.length !== other.length) return false;
    for (let i = 0; i < one.length; i++) if (!isEqualBeside(one[i], other[i], knownOne[i], knownOther[i])) return false;
    return true;
  }
  let fields = 0;
  for (const key in one) {
    const value = one[key];
    const beside = other[key];
    if (value === undefined) continue;
    fields++;
    // Most are what they were: one call less for each.
    if (value === beside || (value === knownOne[key] && beside === knownOther[key])) continue;
    if (!isEqualBeside(value, beside, knownOne[key], knownOther[key])) return false;
  }
  return fields === countOfFields(other);
}

/** What leads from `before` to `after`: keys in the order of `before`, then those that are new. */
export function differences(before: unknown, after: unknown): Change[] {
  const changes: Change[] = [];
  collect(before, after, [], changes);
  return changes;
}

function collect(before: unknown, after: unknown, path: readonly string[], changes: Change[]): void {
  if (before === after) return;
  if (isComposite(before) && isComposite(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of keysOfBoth(before, after)) collect(before[key], after[key], [...path, key], changes);
    return;
  }
  changes.push({
    path: path.join("."),
    ...(before === undefined ? {} : { before: before as Plain }),
    ...(after === undefined ? {} : { after: after as Plain }),
  });
}

function keysOfBoth(before: Fields, after: Fields): Iterable<string> {
  return new Set([...Object.keys(before), ...Object.keys(after)]);
}

/**
 * The state that `changes` make of `before`, which is left as it is.
 * @throws Error naming a path that leads nowhere
 */
export function applyChanges(before: Plain, changes: readonly Change[]): Plain {
  return changes.reduce<Plain>(
    (state, { path, after }) => withChange(state, path === "" ? [] : path.split("."), after),
    before,
  );
}

function withChange(state: Plain, path: readonly string[], after: Plain | undefined): Plain {
  const [key, ...rest] = path;
  if (key === undefined) return after ?? null;
  if (!isComposite(state)) throw new Error(`there is nothing at ${path.join(".")}`);
  const child = (state as { readonly [key: string]: Plain })[key];
  const next = rest.length === 0 ? after : withChange(child ?? null, rest, after);
  if (Array.isArray(state)) {
    const items = [...(state as readonly Plain[])];
    if (next === undefined) items.length = Math.min(items.length, Number(key));
    else items[Number(key)] = next;
    return items;
  }
  const { [key]: _, ...others } = state as { readonly [key: string]: Plain };
  return next === undefined ? others : { ...state, [key]: next };
}

function isComposite(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
