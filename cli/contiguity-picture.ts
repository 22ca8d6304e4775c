/**
 * A report as one SVG picture: the ranges along the address space, and how much of the present memory the largest entries
 * of each kind cover. The axis of entries is logarithmic, since both one entry and a million are of interest.
 */
import type { Histogram, Histograms, SectionName, Strip } from "../vocabulary/contiguity/report.js";
import { stripParts } from "./contiguity-strip.js";

const WIDTH = 880;
const HEIGHT = 620;
const LEFT = 60;
const RIGHT = 190;
const TOP = 210;
const BOTTOM = 50;
const STRIP_HEIGHT = 102;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
/** Colours that differ for most kinds of colour blindness. */
const COLOURS: Readonly<Record<SectionName, string>> = {
  VMA_TLB: "#000000",
  Virtual_TLB: "#777777",
  Guest_Range_TLB: "#cc79a7",
  Anchor_TLB: "#0072b2",
  Range_TLB: "#56b4e9",
  SpOT: "#e69f00",
  across_VMAs: "#009e73",
};
/** Curves often coincide: each is thinner than those below it, so that all are seen. */
const WIDEST = 9;
const THINNER = 1.6;
const LEGEND_HEIGHT = 40;
const NEARLY_ALL = 0.99;
const NO_STRIP: Strip = { pages: 0, pagesPerBin: 1, bins: [] };
const PERCENTS = [0, 25, 50, 80, 90, 99];

export function reportPicture({ sections, workingSet, strip }: Histograms): string {
  const curves = sections
    .filter(({ name, histogram }) => name !== "VMA_TLB" && histogram.sizes.length > 0)
    .map(({ name, histogram }, index) => ({
      name,
      colour: COLOURS[name],
      width: WIDEST - THINNER * index,
      histogram,
      total: sum(histogram.counts),
      needed: entriesFor(histogram, NEARLY_ALL * workingSet.presentPages),
    }));
  const most = Math.max(2, ...curves.map(({ histogram }) => sum(histogram.counts)));
  const x = (entries: number): number => LEFT + (PLOT_WIDTH * Math.log(Math.max(1, entries))) / Math.log(most);
  const y = (percent: number): number => TOP + PLOT_HEIGHT * (1 - percent / 100);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>Coverage of ${workingSet.presentPages} present pages by the largest entries</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...stripParts(strip ?? NO_STRIP, { left: LEFT, top: 40, width: PLOT_WIDTH, height: STRIP_HEIGHT }),
    `<text x="${LEFT}" y="${TOP - 12}" font-weight="bold">Share of the present pages that the largest entries cover</text>`,
    ...PERCENTS.map(
      (percent) =>
        `<path d="M${LEFT} ${round(y(percent))}H${LEFT + PLOT_WIDTH}" stroke="#dddddd"/><text x="${LEFT - 8}" y="${round(y(percent) + 4)}" text-anchor="end">${percent}%</text>`,
    ),
    ...powersOfTen(most).map(
      (entries) =>
        `<path d="M${round(x(entries))} ${TOP}V${TOP + PLOT_HEIGHT}" stroke="#eeeeee"/><text x="${round(x(entries))}" y="${TOP + PLOT_HEIGHT + 18}" text-anchor="middle">${entries.toLocaleString("en")}</text>`,
    ),
    `<text x="${LEFT + PLOT_WIDTH / 2}" y="${HEIGHT - 12}" text-anchor="middle">largest entries</text>`,
    ...curves.map(
      ({ colour, width, histogram }) =>
        `<path d="${curve(histogram, workingSet.presentPages, x, y)}" fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-linejoin="round"/>`,
    ),
    ...curves.flatMap(({ name, colour, total, needed }, index) => {
      const [left, top] = [LEFT + PLOT_WIDTH + 16, TOP + LEGEND_HEIGHT * index];
      return [
        `<rect x="${left}" y="${top}" width="14" height="8" fill="${colour}"/>`,
        `<text x="${left + 20}" y="${top + 8}">${name}</text>`,
        `<text x="${left + 20}" y="${top + 23}" fill="#555555">99 %: ${needed.toLocaleString("en")} of ${total.toLocaleString("en")}</text>`,
      ];
    }),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

/** Within one size the coverage grows by the same amount with each entry: on a logarithmic axis a few points show it. */
function curve(
  { sizes, counts }: Histogram,
  presentPages: number,
  x: (entries: number) => number,
  y: (percent: number) => number,
): string {
  const points: string[] = [];
  let entries = 0;
  let pages = 0;
  for (const [bucket, size] of sizes.entries()) {
    const count = counts[bucket]!;
    for (let taken = 1; ; taken = Math.min(count, taken * 2)) {
      const covered = presentPages === 0 ? 0 : (100 * (pages + taken * size)) / presentPages;
      points.push(`${round(x(entries + taken))} ${round(y(Math.min(100, covered)))}`);
      if (taken === count) break;
    }
    entries += count;
    pages += count * size;
  }
  return `M${points.join("L")}`;
}

/** How many of the largest entries hold so many pages. */
function entriesFor({ sizes, counts }: Histogram, pages: number): number {
  let entries = 0;
  let missing = pages;
  for (const [bucket, size] of sizes.entries()) {
    const count = counts[bucket]!;
    if (missing <= count * size) return entries + Math.ceil(missing / size);
    entries += count;
    missing -= count * size;
  }
  return entries;
}

function powersOfTen(most: number): number[] {
  const powers: number[] = [];
  for (let power = 1; power <= most; power *= 10) powers.push(power);
  return powers;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const round = (value: number): string => value.toFixed(1);
