/**
 * The three panels of Figure 7 as one SVG picture: page requests and Invalids over the iterations, for each size of the
 * array. The panels share a logarithmic axis of messages, since a page costs a handful and 64 pages thousands.
 */
import { CASES, type Case, ITERATIONS, SIZES, type SizeName } from "../properties/coherency/figure7.js";
import { type Cell, requestsOf } from "../properties/coherency/figure7-run.js";

const PANEL_WIDTH = 270;
const PANEL_HEIGHT = 260;
const GAP = 34;
const LEFT = 70;
const TOP = 58;
const BOTTOM = 118;
const RIGHT = 20;
const WIDTH = LEFT + CASES.length * PANEL_WIDTH + (CASES.length - 1) * GAP + RIGHT;
const HEIGHT = TOP + PANEL_HEIGHT + BOTTOM;
/** Room between an axis and the first point. */
const INSET = 16;
const MARK = 4;

/** Colours that differ for most kinds of colour blindness. */
const COLOURS: Readonly<Record<SizeName, string>> = {
  "< 1 page": "#0072b2",
  "1 page": "#e69f00",
  "64 pages": "#009e73",
};
const TITLES: Readonly<Record<Case, string>> = {
  "read/read": "(b) both threads read",
  "write/read": "(c) one writes, one reads",
  "write/write": "(d) both threads write",
};
const KINDS = [
  { name: "Fetch and Fetch_Write", dash: "", counted: requestsOf },
  { name: "Invalid", dash: "5 4", counted: ({ invalid }: Cell) => invalid },
] as const;

/** @param subtitle how the counts were come by */
export function figurePicture(cells: readonly Cell[], subtitle: string): string {
  const most = Math.max(10, ...cells.flatMap((cell) => KINDS.map(({ counted }) => counted(cell))));
  const decades = Math.ceil(Math.log10(most));
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    "<title>Messages that keep an array coherent between two kernels</title>",
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(WIDTH / 2, 20, "Messages that keep an array coherent between two kernels", "middle", 15),
    ...CASES.flatMap((name, panel) => panelParts(name, LEFT + panel * (PANEL_WIDTH + GAP), cells, decades)),
    `<text transform="translate(18 ${TOP + PANEL_HEIGHT / 2}) rotate(-90)" text-anchor="middle">messages of both kernels</text>`,
    ...legend(TOP + PANEL_HEIGHT + 66),
    text(WIDTH / 2, HEIGHT - 14, subtitle, "middle", 11, "#555555"),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function panelParts(name: Case, left: number, cells: readonly Cell[], decades: number): string[] {
  const base = TOP + PANEL_HEIGHT;
  const x = (iterations: number): number =>
    left + INSET + ((PANEL_WIDTH - 2 * INSET) * iterations) / ITERATIONS.at(-1)!;
  // Less than one message on average is drawn as one.
  const y = (count: number): number => base - (PANEL_HEIGHT * Math.log10(Math.max(1, count))) / decades;
  const lines = SIZES.flatMap(({ name: size }) =>
    KINDS.map(({ dash, counted }) => {
      const points = cells
        .filter((cell) => cell.case === name && cell.size === size)
        .map((cell) => [x(cell.iterations), y(counted(cell))] as const);
      return line(points, COLOURS[size], dash);
    }),
  );
  return [
    text(left + PANEL_WIDTH / 2, TOP - 12, TITLES[name], "middle", 13),
    ...Array.from({ length: decades + 1 }, (_, power) => {
      const at = y(10 ** power);
      const label = left === LEFT ? text(left - 8, at + 4, (10 ** power).toLocaleString("en"), "end") : "";
      return `<path d="M${left} ${round(at)}H${left + PANEL_WIDTH}" stroke="#dddddd"/>${label}`;
    }),
    ...ITERATIONS.map((iterations) => text(x(iterations), base + 18, String(iterations), "middle")),
    text(left + PANEL_WIDTH / 2, base + 38, "iterations", "middle"),
    `<rect x="${left}" y="${TOP}" width="${PANEL_WIDTH}" height="${PANEL_HEIGHT}" fill="none" stroke="#888888"/>`,
    ...lines,
  ];
}

/** Requests have full marks and lines, Invalids hollow and broken ones. */
function line(points: readonly (readonly [number, number])[], colour: string, dash: string): string {
  const path = points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L");
  const broken = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
  const fill = dash === "" ? colour : "#ffffff";
  const marks = points.map(
    ([x, y]) =>
      `<circle cx="${round(x)}" cy="${round(y)}" r="${MARK}" fill="${fill}" stroke="${colour}" stroke-width="1.5"/>`,
  );
  return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"${broken}/>${marks.join("")}`;
}

function legend(top: number): string[] {
  const columns = SIZES.map(({ name }, index) => ({ name, left: LEFT + 30 + index * 270 }));
  return columns.flatMap(({ name, left }) =>
    KINDS.map(({ name: kind, dash }, row) => {
      const y = top + 18 * row;
      const points = [
        [left, y],
        [left + 28, y],
      ] as const;
      return `${line(points, COLOURS[name], dash)}${text(left + 40, y + 4, `${name}: ${kind}`, "start")}`;
    }),
  );
}

function text(x: number, y: number, words: string, anchor: string, size = 12, fill = "#000000"): string {
  const escaped = words.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" fill="${fill}">${escaped}</text>`;
}

const round = (value: number): string => value.toFixed(1);
