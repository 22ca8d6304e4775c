/** An address space as plain lists: every area, every present page, every flagged frame by itself. */

export interface Area {
  readonly first: number;
  /** The page behind the last one. */
  readonly end: number;
}

export interface Page {
  readonly page: number;
  readonly frame: number;
}

export interface Process {
  /** In the order of the maps file. */
  readonly areas: readonly Area[];
  /** Present pages, ascending. */
  readonly pages: readonly Page[];
}

export interface Frames {
  /** Frames flagged as part of a transparent huge page. */
  readonly huge: readonly number[];
  /** Frames that are the first of a compound page. */
  readonly heads: readonly number[];
}

/** The present pages of an area. */
export function pagesOf(process: Process, area: Area): readonly Page[] {
  return process.pages.filter(({ page }) => page >= area.first && page < area.end);
}

/** Cuts a list where a page does not continue the one before it. */
export function cut(
  pages: readonly Page[],
  continues: (before: Page, page: Page) => boolean,
): readonly (readonly Page[])[] {
  const runs: Page[][] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run !== undefined && continues(run.at(-1)!, page)) run.push(page);
    else runs.push([page]);
  }
  return runs;
}

export const nextPage = (before: Page, page: Page): boolean => page.page === before.page + 1;
export const nextPageAndFrame = (before: Page, page: Page): boolean =>
  nextPage(before, page) && page.frame === before.frame + 1;
