/**
 * What contiguity-aware paging gains, as one SVG picture: a panel for each size of faults, in it a row for each policy with a
 * dot a seed and a bar at the median. The axis of ranges is logarithmic.
 */
import { type Effect, FAULTS, ORDERS, POLICIES } from "../properties/contiguity/effect.js";

const WIDTH = 860;
const LEFT = 170;
const RIGHT = 130;
const TOP = 76;
const ROW_HEIGHT = 40;
const PANEL_GAP = 56;
const BOTTOM = 48;
const PANEL_HEIGHT = POLICIES.length * ROW_HEIGHT;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const HEIGHT = TOP + ORDERS.length * PANEL_HEIGHT + (ORDERS.length - 1) * PANEL_GAP + BOTTOM;
/** Colours that differ for most kinds of colour blindness, one per policy. */
const COLOURS = ["#777777", "#0072b2", "#e69f00", "#d55e00"];
/** Dots of one count lie side by side, up to so far above and below the row's middle. */
const SPREAD = 11;
const DOT = 4;

export function effectPicture(effects: readonly Effect[]): string {
  const most = Math.max(10, ...effects.map((effect) => effect.most));
  const decades = Math.ceil(Math.log10(most));
  const x = (ranges: number): number => LEFT + (PLOT_WIDTH * Math.log10(Math.max(1, ranges))) / decades;
  const panels = ORDERS.flatMap((order, index) =>
    panel(
      effects.filter((effect) => effect.order === order),
      TOP + index * (PANEL_HEIGHT + PANEL_GAP),
      decades,
      x,
    ),
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="16" y="28" font-size="16" font-weight="bold">Ranges that hold 99 % of a process's pages, on fragmented memory</text>`,
    `<text x="16" y="48" fill="#555555">A dot a seed (${effects[0]?.ranges.length ?? 0}), a bar at the median. Further left is better.</text>`,
    ...panels,
    `<text x="${LEFT + PLOT_WIDTH / 2}" y="${HEIGHT - 8}" text-anchor="middle">ranges, logarithmic</text>`,
    "</svg>",
  ].join("\n")}\n`;
}

function panel(effects: readonly Effect[], top: number, decades: number, x: (ranges: number) => number): string[] {
  const bottom = top + PANEL_HEIGHT;
  const grid = Array.from({ length: decades + 1 }, (_, power) => 10 ** power).map(
    (ranges) =>
      `<path d="M${round(x(ranges))} ${top}V${bottom}" stroke="#dddddd"/><text x="${round(x(ranges))}" y="${bottom + 16}" text-anchor="middle" fill="#555555">${ranges.toLocaleString("en")}</text>`,
  );
  const rows = effects.flatMap((effect, row) => {
    const middle = top + (row + 0.5) * ROW_HEIGHT;
    const colour = COLOURS[row % COLOURS.length]!;
    return [
      `<text x="${LEFT - 14}" y="${middle + 4}" text-anchor="end">${effect.policy}</text>`,
      ...effect.ranges.map(
        (ranges, seed) =>
          `<circle cx="${round(x(ranges))}" cy="${round(middle + offsetOf(seed, effect.ranges.length))}" r="${DOT}" fill="${colour}" fill-opacity="0.45"/>`,
      ),
      `<path d="M${round(x(effect.median))} ${middle - ROW_HEIGHT / 2 + 3}v${ROW_HEIGHT - 6}" stroke="${colour}" stroke-width="3"/>`,
      `<text x="${LEFT + PLOT_WIDTH + 16}" y="${middle + 4}">median ${effect.median.toLocaleString("en")}</text>`,
    ];
  });
  return [
    `<text x="16" y="${top - 4}" font-weight="bold">${FAULTS[effects[0]!.order]} faults</text>`,
    ...grid,
    `<path d="M${LEFT} ${bottom}H${LEFT + PLOT_WIDTH}" stroke="#999999"/>`,
    ...rows,
  ];
}

/** From top to bottom in the order of the seeds. */
const offsetOf = (seed: number, seeds: number): number => (seeds < 2 ? 0 : SPREAD * ((2 * seed) / (seeds - 1) - 1));
const round = (value: number): string => value.toFixed(1);
