/**
 * The report as the authors' tool computes it (4.4 with Q1 to Q14): 64-bit counts that wrap, single-precision shares,
 * lines that stay 0 when there are not more entries than they ask for (Q3).
 *
 * Integers are BigInts here: there are only as many as the histogram has sizes.
 */
import { COVERAGE_SHARES, type Histogram, TOP_ENTRIES } from "../../vocabulary/contiguity/report.js";
import { twoDecimals } from "./decimal.js";
import { emptySectionText, printedSection, workingSetText } from "./report-text.js";

const WORD_BITS = 64;
const SIGN = 2 ** 63;
/** What the processor answers when a number does not fit into a signed 64-bit word. */
const INDEFINITE = 1n << 63n;
const PAGE_BYTES = 4096n;
/** Bits dropped, with the last one kept as a mark, before a large integer becomes a single: 53 are left. */
const DROPPED_BITS = 11n;

export interface ToolSection {
  readonly name: string;
  readonly histogram: Histogram;
}

export function toolReportText(
  sections: readonly ToolSection[],
  presentPages: number,
  smallPages: number,
  hugePages: number,
): string {
  const total = word(presentPages);
  return [
    ...sections.map((section) => sectionText(section, total)),
    workingSetText(String(presentPages), String(smallPages), String(hugePages), String(mebibytes(total))),
  ].join("");
}

function sectionText({ name, histogram }: ToolSection, total: bigint): string {
  if (histogram.sizes.length === 0) return emptySectionText(name);
  const top = TOP_ENTRIES.map((asked) => ({ asked: BigInt(asked), pages: 0n }));
  const reach = COVERAGE_SHARES.map((percent) => ({ percent, entries: 0n, pages: 0n }));
  let entries = 0n;
  let pages = 0n;
  for (const [bucket, key] of histogram.sizes.entries()) {
    const size = word(key);
    const count = BigInt(histogram.counts[bucket]!);
    for (const line of top) {
      if (entries + count > line.asked && line.pages === 0n) {
        line.pages = wrapped(pages + wrapped(line.asked - entries) * size);
      }
    }
    const covered = single(wrapped(pages + size * count));
    for (const line of reach) {
      // Not "less": with no present page the quotient may be no number at all.
      if (!(Math.fround(covered / single(total)) >= line.percent / 100) || line.entries !== 0n) continue;
      const missing = truncated(Math.ceil((line.percent / 100) * single(total)) - Number(pages));
      const needed = truncated(Math.ceil(Math.fround(single(missing) / single(size))));
      line.entries = wrapped(entries + needed);
      line.pages = wrapped(pages + needed * size);
    }
    entries = wrapped(entries + count);
    pages = wrapped(pages + size * count);
  }
  return printedSection({
    name,
    entries: String(BigInt.asIntN(WORD_BITS, entries)),
    mebibytes: String(mebibytes(pages)),
    top: top.map((line) => ({
      entries: Number(line.asked),
      pages: String(line.pages),
      percent: percentText(line.pages, total),
    })),
    reach: reach.map((line) => ({
      percent: line.percent,
      entries: String(line.entries),
      covered: percentText(line.pages, total),
    })),
  });
}

function percentText(pages: bigint, total: bigint): string {
  return twoDecimals(Math.fround(100 * Math.fround(single(pages) / single(total))));
}

function mebibytes(pages: bigint): bigint {
  return wrapped(pages * PAGE_BYTES) / 1024n / 1024n;
}

function wrapped(value: bigint): bigint {
  return BigInt.asUintN(WORD_BITS, value);
}

/** An integer double, maybe negative, as an unsigned 64-bit word. */
function word(value: number): bigint {
  return wrapped(BigInt(value));
}

/** An unsigned word as a single-precision number, rounded once. */
function single(value: bigint): number {
  if (value < 1n << 53n) return Math.fround(Number(value));
  const mark = (value & ((1n << DROPPED_BITS) - 1n)) === 0n ? 0n : 1n;
  return Math.fround(Number((value >> DROPPED_BITS) | mark)) * 2 ** Number(DROPPED_BITS);
}

/** A floating number converted to an unsigned word as x86-64 code does it, out-of-range values included. */
function truncated(value: number): bigint {
  if (value >= SIGN) return wrapped(signedConversion(value - SIGN) ^ INDEFINITE);
  return wrapped(signedConversion(value));
}

function signedConversion(value: number): bigint {
  const whole = Math.trunc(value);
  return whole >= -SIGN && whole < SIGN ? BigInt(whole) : INDEFINITE;
}
