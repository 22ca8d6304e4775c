/** All address spaces that can be put together from a few pieces. */
import type { ReportOperation, ReportShape } from "../../vocabulary/contiguity/report-pieces.js";
import type { Scope, Shape } from "../engine/system.js";
import type { ReportState } from "./report-system.js";

const run = (pages: number, skip = 0): ReportOperation => ({ kind: "run", pages, skip });
const hole = (pages: number): ReportOperation => ({ kind: "hole", pages });
const area = (gap: number): ReportOperation => ({ kind: "area", gap });
const scattered = (pages: number): ReportOperation => ({ kind: "scattered", pages });
const huge = (more: Partial<Extract<ReportOperation, { readonly kind: "huge" }>> = {}): ReportOperation => ({
  kind: "huge",
  whole: true,
  folios: 1,
  flagged: true,
  shift: 0,
  ...more,
});

interface ReportScope {
  readonly name: string;
  readonly title: string;
  readonly start: number;
  readonly frame: number;
  readonly piecesMax: number;
  readonly pieces: readonly ReportOperation[];
  readonly sometimes: Scope<ReportOperation, ReportState>["sometimes"];
  readonly states: number;
  readonly transitions: number;
}

function scope({
  name,
  title,
  sometimes,
  states,
  transitions,
  ...shape
}: ReportScope): Scope<ReportOperation, ReportState> {
  const typed: ReportShape = shape;
  return {
    name,
    title,
    shape: typed as unknown as Shape,
    setup: [],
    actions: shape.pieces.map((piece) => [piece]),
    sometimes,
    expected: { states, transitions, depth: shape.piecesMax },
    effort: "quick",
  };
}

const kinds = ({ pieces }: ReportState, ...asked: readonly ReportOperation["kind"][]): boolean =>
  asked.every((kind) => pieces.some((piece) => piece.kind === kind));

export const reportScopes: readonly Scope<ReportOperation, ReportState>[] = [
  scope({
    name: "pages",
    title:
      "three pieces out of one page or four, in frames that go on, ascend or go back, holes, swapped pages, areas, processes",
    start: 600,
    frame: 595,
    piecesMax: 3,
    pieces: [
      run(1),
      run(4),
      run(1, 1),
      run(1, -2),
      hole(1),
      { kind: "swapped", pages: 1 },
      area(0),
      area(1),
      { kind: "process" },
    ],
    sometimes: [
      { name: "two areas and a hole", holds: (state) => kinds(state, "area", "hole") },
      { name: "two processes", holds: (state) => kinds(state, "process") },
    ],
    states: 493,
    transitions: 492,
  }),
  scope({
    name: "huge",
    title: "three pieces out of 2 MiB pages, what looks like one, and single pages around them",
    start: 510,
    frame: 0,
    piecesMax: 3,
    pieces: [
      ...[run(1), run(3, 1), hole(1), area(0)],
      ...[huge(), huge({ flagged: false }), huge({ shift: 3 }), huge({ folios: 2 }), huge({ whole: false })],
    ],
    sometimes: [{ name: "a 2 MiB page, a hole, a page", holds: (state) => kinds(state, "huge", "hole", "run") }],
    states: 721,
    transitions: 720,
  }),
  scope({
    name: "many",
    title:
      "three pieces out of single pages that just fill the lines of the largest 32 and 64, and runs of just 90 or 99 percent",
    start: 1,
    frame: 1,
    piecesMax: 3,
    pieces: [scattered(1), scattered(31), scattered(32), run(9, 1), run(99, 1), run(2, 1)],
    sometimes: [
      { name: "exactly 64 entries", holds: ({ pieces }) => pieces.length === 2 && pieces.every(isScattered32) },
    ],
    states: 259,
    transitions: 258,
  }),
];

function isScattered32(piece: ReportOperation): boolean {
  return piece.kind === "scattered" && piece.pages === 32;
}
