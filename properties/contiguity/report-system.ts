/**
 * The report as the engines see it: an address space is put together piece by piece, and each step is answered with the
 * report of what there is. The state is the list of pieces, so a shortest story is a shortest input.
 *
 *   words = [ pieces │ number of the first piece │ of the second │ … ]      numbers of the shape's list of pieces
 */
import { REPORT_RULES, type ReportRules } from "../../impl/contiguity/report-rules.js";
import * as model from "../../model/contiguity/report.js";
import type { Histograms, Report } from "../../vocabulary/contiguity/report.js";
import type { ReportOperation, ReportShape } from "../../vocabulary/contiguity/report-pieces.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { equalPlain } from "../engine/differences.js";
import type { Invariant, Plain, Shape, System, Twin } from "../engine/system.js";
import { reportClaims, reporterWith } from "./report-claims.js";
import { reportMutants } from "./report-mutants.js";
import type { Reporter } from "./report-reading.js";
import { reportScopes } from "./report-scopes.js";
import { built, type Machine, type Plan, withinLimit } from "./spaces.js";

export interface ReportState {
  readonly shape: ReportShape;
  readonly pieces: readonly ReportOperation[];
  /** Nothing is counted beside. */
  readonly statistics: null;
}

export interface ReportAnswer {
  readonly histograms: Histograms;
  readonly report: Report;
}

/** What the claims look at: the address space of some words, and a way to its report. */
export class ReportView {
  readonly words: Int32Array;
  readonly shape: ReportShape;
  private readonly rules: ReportRules;
  /** The address space that was asked for last, its words and what was reported of it. */
  private known: { readonly words: string; readonly machine: Machine; readonly told: ReportAnswer } | undefined;

  constructor(words: Int32Array, shape: ReportShape, rules: ReportRules) {
    this.words = words;
    this.shape = shape;
    this.rules = rules;
  }

  get pieces(): readonly ReportOperation[] {
    return Array.from({ length: this.words[PIECES]! }, (_, at) => this.shape.pieces[this.words[FIRST + at]!]!);
  }

  get machine(): Machine {
    return this.look().machine;
  }

  /** What is reported of an address space. */
  readonly reporter: Reporter = (machine, distance) => {
    const isOwn = distance === undefined && machine === this.known?.machine;
    return isOwn ? this.look().told : reporterWith(this.rules)(machine, distance);
  };

  private look() {
    const words = this.words.subarray(0, FIRST + this.words[PIECES]!).join();
    if (this.known?.words !== words) {
      const machine = machineOf(this.shape, this.pieces);
      this.known = { words, machine, told: reporterWith(this.rules)(machine) };
    }
    return this.known;
  }
}

type ReportTwin = Twin<ReportOperation, ReportState, ReportAnswer, ReportView>;

const PIECES = 0;
const FIRST = 1;

/** @throws PagetwinError `GEOMETRY` naming the field that is missing or out of range */
function shapeOf(asked: Shape): ReportShape {
  const shape = asked as unknown as ReportShape;
  for (const [field, least] of [
    ["start", 0],
    ["frame", 0],
    ["piecesMax", 1],
  ] as const) {
    if (!Number.isSafeInteger(shape[field]) || shape[field] < least) {
      throw new PagetwinError("GEOMETRY", `${field} is ${shape[field]}: expected an integer from ${least} on`);
    }
  }
  if (!Array.isArray(shape.pieces)) throw new PagetwinError("GEOMETRY", "pieces: expected a list");
  return shape;
}

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function rulesWithout(id: string | undefined): ReportRules {
  if (id === undefined) return REPORT_RULES;
  const found = reportMutants.find((each) => each.id === id);
  if (found === undefined) throw new PagetwinError("ARGUMENT", `contiguity-report has no mutant ${id}`);
  return { ...REPORT_RULES, [found.drops]: false };
}

/** A new area, and a new process, need something in the one before. */
function isEnabled({ piecesMax }: ReportShape, pieces: readonly ReportOperation[], { kind }: ReportOperation): boolean {
  const before = pieces.at(-1)?.kind;
  const begins = before === undefined || before === "area" || before === "process";
  return pieces.length < piecesMax && !(begins && (kind === "area" || kind === "process"));
}

/** The address space that the pieces make. */
export function machineOf({ start, frame }: ReportShape, pieces: readonly ReportOperation[]): Machine {
  const processes: Plan[][] = [[{ gap: 0, pieces: [] }]];
  for (const piece of pieces) {
    const areas = processes.at(-1)!;
    if (piece.kind === "process") processes.push([{ gap: 0, pieces: [] }]);
    else if (piece.kind === "area") areas.push({ gap: piece.gap, pieces: [] });
    else areas[areas.length - 1] = { ...areas.at(-1)!, pieces: [...areas.at(-1)!.pieces, piece] };
  }
  const filled = processes.map((areas) => areas.filter((area) => area.pieces.length > 0));
  return built(start, frame, filled);
}

const plain = (answer: ReportAnswer): ReportAnswer => JSON.parse(JSON.stringify(answer)) as ReportAnswer;
const invariants: readonly Invariant<ReportView>[] = reportClaims.map(({ id, name, claim, violations }) => ({
  id,
  name,
  why: claim,
  violations: (view) => violations(view.machine, view.reporter),
}));

function twin(asked: Shape, without?: string): ReportTwin {
  const shape = shapeOf(asked);
  const rules = rulesWithout(without);
  const words = new Int32Array(FIRST + shape.piecesMax);
  const view = new ReportView(words, shape, rules);
  const past = new ReportView(new Int32Array(words.length), shape, rules);
  const number = (operation: ReportOperation): number =>
    shape.pieces.findIndex((piece) => equalPlain(piece as unknown as Plain, operation as unknown as Plain));
  return {
    words,
    stateWords: words.length,
    view,
    pastWords: past.words,
    past,
    reset: () => void words.fill(0),
    enabled: (operation) => number(operation) >= 0 && isEnabled(shape, view.pieces, operation),
    perform(operation) {
      words[FIRST + words[PIECES]!] = number(operation);
      words[PIECES]! += 1;
      return plain(view.reporter(view.machine));
    },
    meaning: (of) => ({ shape, pieces: of.pieces, statistics: null }),
  };
}

export const reportSystem: System<ReportOperation, ReportState, ReportAnswer, ReportView> = {
  name: "contiguity-report",
  reference: {
    initial: (shape) => ({ shape: shapeOf(shape), pieces: [], statistics: null }),
    enabled: ({ shape, pieces }, operation) => isEnabled(shape, pieces, operation),
    apply(state, operation) {
      const pieces = [...state.pieces, operation];
      const { processes, frames } = withinLimit(machineOf(state.shape, pieces));
      const histograms = model.histogramsOf(processes, frames);
      return { state: { ...state, pieces }, outcome: plain({ histograms, report: model.reportOf(histograms) }) };
    },
    withoutStatistics: (state) => state,
  },
  invariants,
  stepInvariants: [],
  mutants: reportMutants,
  scopes: reportScopes,
  sampleScopes: [],
  scenarios: [],
  twin,
  actor: () => "input",
  describe,
  describeAnswer: ({ report }) =>
    report.sections.map(({ name, entries, pages }) => `${name} ${entries} (${pages} pages)`).join(", "),
};

function describe(piece: ReportOperation): string {
  switch (piece.kind) {
    case "run": {
      const where =
        piece.skip === 0 ? "the next frames" : `frames ${Math.abs(piece.skip)} ${piece.skip > 0 ? "on" : "back"}`;
      return `${piece.pages} pages in ${where}`;
    }
    case "scattered":
      return `${piece.pages} pages, no two side by side`;
    case "huge": {
      const pages = piece.whole ? "512 pages" : "300 pages";
      const flags = piece.flagged ? `flagged as huge, ${piece.folios} compound pages` : "not flagged as huge";
      return `${pages} from a multiple of 512 on, ${piece.shift} frames behind one, ${flags}`;
    }
    case "hole":
      return `${piece.pages} pages that are not there`;
    case "swapped":
      return `${piece.pages} pages that are swapped out`;
    case "area":
      return `another area, ${piece.gap} pages behind`;
    case "process":
      return "another process";
  }
}
