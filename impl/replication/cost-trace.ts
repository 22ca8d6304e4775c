/**
 * A trace in four parallel arrays, and the text it is read from.
 *
 *     read NODE PAGE          map NODE PAGE COUNT         switch NODE
 *     write NODE PAGE         protect NODE PAGE COUNT     fork NODE
 *                             unmap NODE PAGE COUNT
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import { TRACE_COUNT_MAX, type TraceRecord, USER_PAGES } from "../../vocabulary/replication/cost.js";
import { fieldCount, integerField, quoted, type TextLine, textLines } from "./cost-text.js";

export const TRACE_OP = {
  read: 0,
  write: 1,
  map: 2,
  protect: 3,
  unmap: 4,
  switch: 5,
  fork: 6,
} as const satisfies Readonly<Record<TraceRecord["kind"], number>>;

/** Record i is (ops[i], nodes[i], pages[i], counts[i]); a page or count that its kind does not have is 0. */
export interface CostTrace {
  readonly length: number;
  readonly ops: Uint8Array;
  readonly nodes: Uint8Array;
  readonly pages: Float64Array;
  readonly counts: Int32Array;
}

/** Lays records out in arrays. The caller has checked them. */
export function traceOf(records: readonly TraceRecord[]): CostTrace {
  const length = records.length;
  const trace = {
    length,
    ops: new Uint8Array(length),
    nodes: new Uint8Array(length),
    pages: new Float64Array(length),
    counts: new Int32Array(length),
  };
  for (const [at, record] of records.entries()) {
    trace.ops[at] = TRACE_OP[record.kind];
    trace.nodes[at] = record.node;
    if ("page" in record) trace.pages[at] = record.page;
    if ("count" in record) trace.counts[at] = record.count;
  }
  return trace;
}

function parseRecord(line: TextLine, nodes: number, levels: 4 | 5): TraceRecord {
  const pageMax = USER_PAGES[levels] - 1;
  const node = (): number => integerField(line, 1, "node", 0, nodes - 1);
  const page = (): number => integerField(line, 2, "page", 0, pageMax);
  const kind = line.fields[0]!;
  switch (kind) {
    case "read":
    case "write":
      fieldCount(line, 3, `${kind} NODE PAGE`);
      return { kind, node: node(), page: page() };
    case "map":
    case "protect":
    case "unmap": {
      fieldCount(line, 4, `${kind} NODE PAGE COUNT`);
      const most = Math.min(TRACE_COUNT_MAX, pageMax - page() + 1);
      return { kind, node: node(), page: page(), count: integerField(line, 3, "count", 1, most) };
    }
    case "switch":
    case "fork":
      fieldCount(line, 2, `${kind} NODE`);
      return { kind, node: node() };
    default:
      throw new PagetwinError("FORMAT", `${line.place}: ${quoted(kind)}, expected ${Object.keys(TRACE_OP).join(", ")}`);
  }
}

/**
 * Reads a trace.
 * @param file the name by which errors call it
 * @param nodes nodes of the machine, 1 to 8
 * @throws PagetwinError `FORMAT` naming file, line and what was expected
 */
export function parseTrace(text: string, file: string, nodes: number, levels: 4 | 5): CostTrace {
  const records: TraceRecord[] = [];
  for (const line of textLines(text, file)) records.push(parseRecord(line, nodes, levels));
  return traceOf(records);
}
