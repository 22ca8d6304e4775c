/**
 * A report as one SVG picture: the ranges along the address space, and how much of the present memory the largest entries
 * of each kind cover. The axis of entries is logarithmic, since both one entry and a million are of interest.
 */
import type { Histogram, Histograms, Strip } from "../vocabulary/contiguity/report.js";
import { stripParts } from "./contiguity-strip.js";

const WIDTH = 860;
const HEIGHT = 620;
const LEFT = 60;
const RIGHT = 170;
const TOP = 210;
const BOTTOM = 50;
const STRIP_HEIGHT = 102;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
/** Colours that differ for most kinds of colour blindness, one per section. */
const COLOURS = ["#777777", "#0072b2", "#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#d55e00"];
const NO_STRIP: Strip = { pages: 0, pagesPerBin: 1, bins: [] };
const PERCENTS = [0, 25, 50, 80, 90, 99];

export function reportPicture({ sections, workingSet, strip }: Histograms): string {
  const curves = sections
    .filter(({ name, histogram }) => name !== "VMA_TLB" && histogram.sizes.length > 0)
    .map(({ name, histogram }, index) => ({ name, colour: COLOURS[index % COLOURS.length]!, histogram }));
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
        `<path d="M${round(x(entries))} ${TOP}V${TOP + PLOT_HEIGHT}" stroke="#eeeeee"/><text x="${round(x(entries))}" y="${TOP + PLOT_HEIGHT + 18}" text-anchor="middle">${entries}</text>`,
    ),
    `<text x="${LEFT + PLOT_WIDTH / 2}" y="${HEIGHT - 12}" text-anchor="middle">largest entries</text>`,
    ...curves.map(
      ({ colour, histogram }) =>
        `<path d="${curve(histogram, workingSet.presentPages, x, y)}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ),
    ...curves.map(
      ({ name, colour }, index) =>
        `<rect x="${LEFT + PLOT_WIDTH + 16}" y="${TOP + 22 * index}" width="14" height="4" fill="${colour}"/><text x="${LEFT + PLOT_WIDTH + 36}" y="${TOP + 6 + 22 * index}">${name}</text>`,
    ),
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

function powersOfTen(most: number): number[] {
  const powers: number[] = [];
  for (let power = 1; power <= most; power *= 10) powers.push(power);
  return powers;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const round = (value: number): string => value.toFixed(1);
