/**
 * `pagetwin cost`: what a trace costs without replicas, with them, and with them and steering.
 */
import { getBorderCharacters, table } from "table";
import { traceCost } from "../impl/replication/cost.js";
import { gainOver } from "../impl/replication/cost-formulas.js";
import { parseLatency } from "../impl/replication/cost-latency.js";
import { parseTrace } from "../impl/replication/cost-trace.js";
import { chooseSteering, flatLatency } from "../impl/replication/steering-choice.js";
import { PagetwinError } from "../vocabulary/errors.js";
import {
  COST_MACHINE,
  type CostConfiguration,
  type CostGain,
  type CostMachine,
  type CostReport,
  costConfiguration,
  costMachine,
  MACHINE_BOUNDS,
} from "../vocabulary/replication/cost.js";
import {
  type LatencyMatrix,
  NOT_MEASURED,
  STEERING_AUTO,
  STEERING_SLOTS,
  steeringVector,
} from "../vocabulary/replication/steering-choice.js";
import { integerFlag, nodesFlag, type Output, readInput, trimmed, vectorFlag } from "./cost-input.js";

/** Flags as typed; only `trace` and `latency` must be given. Fields and ranges as in CostMachine. */
export interface CostOptions {
  readonly trace: string;
  readonly latency: string;
  /** Node of the root table; 0 unless given. */
  readonly home?: string;
  /** `all`, a list or a mask; the home node is added. */
  readonly replicas?: string;
  /** A vector; unless given, the one that the latencies ask for among the nodes with replicas. */
  readonly steering?: string;
  readonly levels?: string;
  readonly tlb?: string;
  readonly walkCache?: string;
  readonly memoryLevels?: string;
  readonly cacheHit?: string;
  readonly memberCycles?: string;
  readonly pageCopy?: string;
  readonly forkEnables?: string;
  /** False: the machine without replicas has no PCID either. */
  readonly pcid?: boolean;
  readonly json?: boolean;
}

interface Row {
  readonly name: "unreplicated" | "replicated" | "steered";
  readonly configuration: CostConfiguration;
  readonly report: CostReport;
  /** Against the first row; absent there. */
  readonly gain?: CostGain;
}

function machineOf(options: CostOptions, latency: LatencyMatrix): CostMachine {
  const number = (flag: string, said: string | undefined, field: keyof typeof MACHINE_BOUNDS): number => {
    const [low, high] = MACHINE_BOUNDS[field];
    return integerFlag(flag, said, COST_MACHINE[field], low, high);
  };
  const levels = integerFlag("--levels", options.levels, COST_MACHINE.levels, 4, 5) as 4 | 5;
  return costMachine({
    latency,
    levels,
    tlbSlots: number("--tlb", options.tlb, "tlbSlots"),
    walkCacheSlots: number("--walk-cache", options.walkCache, "walkCacheSlots"),
    memoryLevels: integerFlag("--memory-levels", options.memoryLevels, COST_MACHINE.memoryLevels, 1, levels),
    cacheHitCycles: number("--cache-hit", options.cacheHit, "cacheHitCycles"),
    memberCycles: number("--member-cycles", options.memberCycles, "memberCycles"),
    pageCopyCycles: number("--page-copy", options.pageCopy, "pageCopyCycles"),
    forkEnables: number("--fork-enables", options.forkEnables, "forkEnables"),
  });
}

/** The vector that the latencies ask for, if only nodes of the set have replicas to offer. */
function steeringWithin(latency: LatencyMatrix, set: readonly number[]): readonly number[] {
  const offered = latency.map((row) => row.map((cycles, node) => (set.includes(node) ? cycles : NOT_MEASURED)));
  const steering = new Int32Array(STEERING_SLOTS);
  chooseSteering(flatLatency(offered), latency.length, 2 ** latency.length - 1, steering);
  return [...steering];
}

function configurationsOf(
  options: CostOptions,
  latency: LatencyMatrix,
): Readonly<Record<Row["name"], CostConfiguration>> {
  const nodes = latency.length;
  const home = integerFlag("--home", options.home, 0, 0, nodes - 1);
  const asked = nodesFlag("--replicas", options.replicas ?? "all", nodes);
  const set = latency.flatMap((_, node) => (node === home || asked.includes(node) ? [node] : []));
  if (set.length < 2) {
    const place = nodes < 2 ? options.latency : `--replicas ${options.replicas}`;
    throw new PagetwinError("ARGUMENT", `${place}: replicas on ${set.length} node, expected at least two nodes`);
  }
  const given =
    options.steering === undefined
      ? undefined
      : vectorFlag("--steering", options.steering, STEERING_SLOTS, STEERING_AUTO);
  const steering =
    given === undefined ? steeringWithin(latency, set) : named("--steering", () => steeringVector(given, nodes));
  const missing = steering.find((node) => node !== STEERING_AUTO && !set.includes(node));
  if (missing !== undefined) {
    throw new PagetwinError("ARGUMENT", `--steering names node ${missing}: expected a node with a replica (${set})`);
  }
  const replicated = { home, set, flushOnSwitch: true };
  return {
    unreplicated: costConfiguration({ home, flushOnSwitch: options.pcid === false }, nodes),
    replicated: costConfiguration(replicated, nodes),
    steered: costConfiguration({ ...replicated, steering }, nodes),
  };
}

/** Puts the flag or file that is at fault before what is said of it; `storage` is at fault where there is no room. */
function named<Value>(place: string, read: () => Value, storage = place): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PagetwinError)) throw error;
    throw new PagetwinError(error.code, `${error.code === "STORAGE" ? storage : place}: ${error.message}`);
  }
}

function text(rows: readonly Row[]): string {
  const line = (label: string, cell: (row: Row) => string | number): string[] => [
    label,
    ...rows.map((row) => String(cell(row))),
  ];
  const gain = (label: string, cell: (gain: CostGain) => string | number): string[] =>
    line(label, (row) => (row.gain === undefined ? "" : cell(row.gain)));
  const lines = [
    line("", ({ name }) => name),
    line("accesses", ({ report }) => report.accesses),
    line("walks", ({ report }) => report.walks),
    line("remote leaf loads", ({ report }) => report.remoteLeafLoads),
    line("walk cycles", ({ report }) => report.walkCycles),
    line("entry stores", ({ report }) => report.stores),
    line("entry atomics", ({ report }) => report.atomics),
    line("ring write cycles", ({ report }) => report.writeCycles),
    line("CR3 flushes", ({ report }) => report.flushes),
    line("fork cycles", ({ report }) => report.forkCycles),
    line("table KiB", ({ report }) => report.tablePages * 4),
    gain("walk cycles saved", ({ walkCycles }) => walkCycles),
    gain("net cycles saved", ({ netCycles }) => netCycles),
    gain("memory factor", ({ memoryFactor }) => memoryFactor.toFixed(3)),
    line("enable cycles", ({ report, gain: found }) => (found === undefined ? "" : report.enableCycles)),
    gain("break-even runs", ({ breakEvenRuns }) => breakEvenRuns ?? "never"),
  ];
  const plain = {
    border: getBorderCharacters("void"),
    columnDefault: { paddingLeft: 0, paddingRight: 2, alignment: "right" as const },
    columns: { 0: { alignment: "left" as const } },
    drawHorizontalLine: () => false,
  };
  const steering = rows.at(-1)!.configuration.steering;
  return `${trimmed(table(lines, plain))}steering ${steering.join(" ")}\n`;
}

/**
 * Prints what the trace costs in three configurations, and what the second and third gain over the first.
 * @returns exit code 0
 * @throws PagetwinError `FORMAT` for a file, `ARGUMENT` for a flag, that cannot be used; `STORAGE` for a trace of too many tables
 */
export async function cost(options: CostOptions, out: Output): Promise<number> {
  const latency = parseLatency(await readInput(options.latency), options.latency);
  const machine = machineOf(options, latency);
  const configurations = configurationsOf(options, latency);
  const trace = parseTrace(await readInput(options.trace), options.trace, latency.length, machine.levels);
  if (trace.length === 0) {
    throw new PagetwinError("FORMAT", `${options.trace}: no records, expected lines such as read NODE PAGE`);
  }
  // What a checked trace can still ask for in vain is a latency that was not measured, or more tables than there is room for.
  const costOf = (configuration: CostConfiguration): CostReport =>
    named(options.latency, () => traceCost(trace, machine, configuration), options.trace);
  const without = costOf(configurations.unreplicated);
  const rows = (["unreplicated", "replicated", "steered"] as const).map((name): Row => {
    const configuration = configurations[name];
    if (name === "unreplicated") return { name, configuration, report: without };
    const report = costOf(configuration);
    return { name, configuration, report, gain: gainOver(without, report) };
  });
  if (options.json) {
    const file = { trace: options.trace, latency: options.latency };
    const configured = rows.map(({ gain, ...row }) =>
      gain === undefined ? row : { ...row, gain: { ...gain, breakEvenRuns: gain.breakEvenRuns ?? null } },
    );
    out.write(`${JSON.stringify({ version: 1, file, machine, configurations: configured }, undefined, 2)}\n`);
  } else {
    out.write(text(rows));
  }
  return 0;
}
