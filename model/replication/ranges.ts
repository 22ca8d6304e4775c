/** The list of ranges of an address space: ascending, disjoint, neighbours that are alike made one. */
import { overlap } from "./geometry-math.js";
import type { Range } from "./state.js";

export function rangeAt(ranges: readonly Range[], page: number): Range | undefined {
  return ranges.find((range) => overlap(range.page, range.pages, page, 1));
}

export function meetsRange(ranges: readonly Range[], page: number, pages: number): boolean {
  return ranges.some((range) => overlap(range.page, range.pages, page, pages));
}

/** The one range that holds all these pages. */
export function rangeAround(ranges: readonly Range[], page: number, pages: number): Range | undefined {
  return ranges.find((range) => range.page <= page && page + pages <= range.page + range.pages);
}

/** The parts of ranges that lie in [page, page + pages), as ranges of their own. */
export function piecesWithin(ranges: readonly Range[], page: number, pages: number): readonly Range[] {
  return ranges.flatMap((range) => {
    const from = Math.max(range.page, page);
    const to = Math.min(range.page + range.pages, page + pages);
    return from < to ? [{ ...range, page: from, pages: to - from }] : [];
  });
}

/** The list without the pages [page, page + pages). */
export function without(ranges: readonly Range[], page: number, pages: number): readonly Range[] {
  const end = page + pages;
  return ranges.flatMap((range) => [
    ...piecesWithin([range], 0, page),
    ...piecesWithin([range], end, Math.max(0, range.page + range.pages - end)),
  ]);
}

/** The list with further ranges, none of which overlaps one that is there, in its one normal form. */
export function joined(ranges: readonly Range[], more: readonly Range[]): readonly Range[] {
  const sorted = [...ranges, ...more].sort((a, b) => a.page - b.page);
  const list: Range[] = [];
  for (const range of sorted) {
    const last = list.at(-1);
    if (last !== undefined && last.page + last.pages === range.page && alike(last, range)) {
      list[list.length - 1] = { ...last, pages: last.pages + range.pages };
    } else {
      list.push(range);
    }
  }
  return list;
}

function alike(a: Range, b: Range): boolean {
  return a.rights === b.rights && a.sharing === b.sharing && a.leaf === b.leaf;
}
