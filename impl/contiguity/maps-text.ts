/**
 * The areas of a maps text: the two addresses at the beginning of each line, as page numbers [first, end).
 *
 * {@link areasOf} refuses what it does not understand. {@link toolAreasOf} reads as the authors' tool does, which takes
 * any two hexadecimal numbers with a dash between them, also reversed ones, and passes over other lines.
 */
import { PagetwinError } from "../../vocabulary/errors.js";

const LINE = /^(?:0[xX])?([0-9a-fA-F]{1,16})-(?:0[xX])?([0-9a-fA-F]{1,16})(?:\s|$)/;
/** Hexadecimal digits of an address within its page. */
const PAGE_DIGITS = 3;
const PAGE_BITS = 12n;
const ADDRESS_BITS = 64;
const ALL_ONES = 2n ** 64n - 1n;
/** The tool reads lines into an array of 8192 bytes, the last one a zero. */
const TOOL_LINE_BYTES = 8191;
const TOOL_NUMBER = /^[ \t\n\v\f\r]*([+-]?)(?:0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]+)/;

/**
 * @returns page numbers first, end, first, end, … in the order of the lines
 * @throws PagetwinError `FORMAT` naming the line: not two addresses, not page aligned, empty, overlapping another one
 */
export function areasOf(text: string): Float64Array {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const areas = new Float64Array(2 * lines.length);
  for (const [index, line] of lines.entries()) {
    const found = LINE.exec(line);
    if (found === null) throw malformed(index, "expected two hexadecimal addresses, start-end");
    const first = pageOf(found[1]!);
    const end = pageOf(found[2]!);
    if (first === undefined || end === undefined)
      throw malformed(index, "expected addresses that are multiples of 4096");
    if (end <= first) throw malformed(index, "expected an end behind the start");
    areas[2 * index] = first;
    areas[2 * index + 1] = end;
  }
  refuseOverlap(areas);
  return areas;
}

/** @param invalid called with each line, its end of line included, that is passed over */
export function toolAreasOf(text: string, invalid: (line: string) => void): Float64Array {
  const areas: number[] = [];
  for (const line of toolLines(text)) {
    const range = toolRange(line);
    if (range === undefined) {
      invalid(line);
      continue;
    }
    const first = Number(range.start >> PAGE_BITS);
    areas.push(first, first + Number(BigInt.asUintN(ADDRESS_BITS, range.end - range.start) >> PAGE_BITS));
  }
  return Float64Array.from(areas);
}

function pageOf(address: string): number | undefined {
  if (address.length <= PAGE_DIGITS) return Number.parseInt(address, 16) === 0 ? 0 : undefined;
  const within = address.slice(-PAGE_DIGITS);
  return Number.parseInt(within, 16) === 0 ? Number.parseInt(address.slice(0, -PAGE_DIGITS), 16) : undefined;
}

function refuseOverlap(areas: Float64Array): void {
  const order = Uint32Array.from({ length: areas.length / 2 }, (_, area) => area);
  order.sort((a, b) => areas[2 * a]! - areas[2 * b]!);
  for (let place = 1; place < order.length; place++) {
    const before = order[place - 1]!;
    const area = order[place]!;
    if (areas[2 * area]! < areas[2 * before + 1]!) {
      throw malformed(
        Math.max(area, before),
        `expected an area that does not overlap line ${Math.min(area, before) + 1}`,
      );
    }
  }
}

function malformed(index: number, expectation: string): PagetwinError {
  return new PagetwinError("FORMAT", `line ${index + 1}: ${expectation}`);
}

function* toolLines(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = Math.min(newline < 0 ? text.length : newline + 1, at + TOOL_LINE_BYTES);
    yield text.slice(at, end);
    at = end;
  }
}

/** Reads as the C conversion "%lX-%lX" does. */
function toolRange(line: string): { readonly start: bigint; readonly end: bigint } | undefined {
  const first = TOOL_NUMBER.exec(line);
  if (first === null || line[first[0].length] !== "-") return undefined;
  const second = TOOL_NUMBER.exec(line.slice(first[0].length + 1));
  if (second === null) return undefined;
  return { start: toolNumber(first), end: toolNumber(second) };
}

/** A number too large becomes the largest one; a minus sign wraps. */
function toolNumber([, sign, digits]: RegExpExecArray): bigint {
  const value = BigInt(`0x${digits}`);
  if (value > ALL_ONES) return ALL_ONES;
  return sign === "-" ? BigInt.asUintN(ADDRESS_BITS, -value) : value;
}
