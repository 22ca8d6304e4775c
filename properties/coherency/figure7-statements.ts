/** What the paper says about its Figure 7 (section 6, last four paragraphs), as claims about a table of counts. */
import { type Case, ITERATIONS, KERNELS, SIZES, type SizeName } from "./figure7.js";
import { type Cell, messagesOf, requestsOf } from "./figure7-run.js";

export interface Statement {
  readonly id: string;
  /** What the paper says, shortened. */
  readonly says: string;
  /** The values that contradict it; none = it holds. */
  contradictions(cells: readonly Cell[]): readonly string[];
}

/** Up to a page the array's own messages are a handful: so many more or less are the same amount. */
const SAME_AMOUNT = 6;
/** Iterations from which on a thread can have finished some before a message reaches it. */
const LONG_RUN = 30;
const LARGE = "64 pages";
const LARGE_PAGES = 64;

export const STATEMENTS: readonly Statement[] = [
  {
    id: "7b",
    says: "two readers: the number of page requests does not depend on the iterations",
    contradictions: (cells) =>
      SIZES.flatMap(({ name }) => {
        const counts = ITERATIONS.map((iterations) => requestsOf(cellAt(cells, "read/read", name, iterations)));
        return counts.every((count) => count === counts[0]) ? [] : [`${name}: ${counts.join(", ")} requests`];
      }),
  },
  {
    id: "7c",
    says: "a writer and a reader: more page requests than with two readers, since the reader is updated",
    contradictions: (cells) =>
      SIZES.flatMap(({ name }) => {
        const [readers, updated] = [total(cells, "read/read", name), total(cells, "write/read", name)];
        return updated.requests > readers.requests ? [] : [`${name}: ${updated.requests} against ${readers.requests}`];
      }),
  },
  {
    id: "7d",
    says: "two writers: more messages, since both send Invalids",
    contradictions: (cells) =>
      SIZES.flatMap(({ name }) => {
        const [one, two] = [total(cells, "write/read", name), total(cells, "write/write", name)];
        const isMore = two.invalids > one.invalids && two.requests + two.invalids > one.requests + one.invalids;
        return isMore ? [] : [`${name}: ${two.invalids} Invalids against ${one.invalids}`];
      }),
  },
  {
    id: "7c-7d",
    says: "64 pages: few messages, since a thread may finish iterations without sending any",
    contradictions: (cells) =>
      (["write/read", "write/write"] as const).flatMap((name) =>
        ITERATIONS.filter((iterations) => iterations >= LONG_RUN).flatMap((iterations) => {
          const cell = cellAt(cells, name, LARGE, iterations);
          const sent = messagesOf(cell);
          // A thread that had to have every page anew in every iteration would send this many requests for them alone.
          const isFew = sent < KERNELS * LARGE_PAGES * iterations;
          return isFew && cell.silent >= 1 ? [] : [`${name}, ${iterations}: ${sent} messages, ${cell.silent} silent`];
        }),
      ),
  },
  {
    id: "7",
    says: "up to a page the size makes no difference, in all three cases",
    contradictions: (cells) =>
      cells
        .filter(({ size }) => size === "< 1 page")
        .flatMap((small) => {
          const page = cellAt(cells, small.case, "1 page", small.iterations);
          const [less, more] = [small, page].map(messagesOf) as [number, number];
          return Math.abs(more - less) <= SAME_AMOUNT
            ? []
            : [`${small.case}, ${small.iterations}: ${less} against ${more}`];
        }),
  },
];

function cellAt(cells: readonly Cell[], name: Case, size: SizeName, iterations: number): Cell {
  return cells.find((cell) => cell.case === name && cell.size === size && cell.iterations === iterations)!;
}

function total(cells: readonly Cell[], name: Case, size: SizeName): { requests: number; invalids: number } {
  const chosen = cells.filter((cell) => cell.case === name && cell.size === size);
  return {
    requests: Math.round(chosen.reduce((sum, cell) => sum + requestsOf(cell), 0)),
    invalids: Math.round(chosen.reduce((sum, cell) => sum + cell.invalid, 0)),
  };
}
