/** The ranges along the address space, as a strip of columns: the longer the ranges, the darker. */
import { RANGE_CLASSES, type Strip } from "../vocabulary/contiguity/report.js";

const COLOURS = ["#fde0c5", "#f8a07e", "#eb6f8a", "#b13c8e", "#5c2a80", "#1d1147"];
const MEBIBYTE_PAGES = 256;

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** SVG elements of the strip, its axis and its legend. */
export function stripParts({ pages, pagesPerBin, bins }: Strip, { left, top, width, height }: Place): string[] {
  if (pages === 0) return [];
  const x = (page: number): number => left + (width * page) / pages;
  const columns = bins.flatMap((counts, bin) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const wide = (x(Math.min(pages, (bin + 1) * pagesPerBin)) - x(bin * pagesPerBin)).toFixed(2);
    let bottom = top + height;
    return counts.flatMap((count, each) => {
      if (count === 0) return [];
      const tall = (height * count) / total;
      bottom -= tall;
      return [
        `<rect x="${x(bin * pagesPerBin).toFixed(2)}" y="${bottom.toFixed(2)}" width="${wide}" height="${tall.toFixed(2)}" fill="${COLOURS[each]}" shape-rendering="crispEdges"/>`,
      ];
    });
  });
  const legend = RANGE_CLASSES.flatMap(({ title }, each) => [
    `<rect x="${left + width + 16}" y="${top + 17 * each}" width="14" height="12" fill="${COLOURS[each]}"/>`,
    `<text x="${left + width + 36}" y="${top + 10 + 17 * each}">${title}</text>`,
  ]);
  return [
    `<text x="${left}" y="${top - 10}" font-weight="bold">Ranges over the address space: how long the range is that a page belongs to</text>`,
    ...columns,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#999999"/>`,
    `<text x="${left}" y="${top + height + 16}">0</text>`,
    `<text x="${left + width}" y="${top + height + 16}" text-anchor="end">${(pages / MEBIBYTE_PAGES).toFixed(1)} MiB</text>`,
    `<text x="${left + width / 2}" y="${top + height + 16}" text-anchor="middle">present pages by address, holes left out</text>`,
    ...legend,
  ];
}
