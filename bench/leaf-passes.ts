/**
 * What is measured of access leaf by leaf: passes that map, walk and unmap all pages of a machine with replicas.
 *
 * Each pass begins with the same words, a machine whose process has nothing mapped, so that it makes the tables too.
 */
import { AtomicPort, PlainPort } from "../impl/memory-port.js";
import { wordsNeeded } from "../impl/replication/layout.js";
import type { LeafAccess } from "../impl/replication/leaf-access.js";
import { Replication } from "../impl/replication/replication.js";
import { geometry } from "../vocabulary/geometry.js";

export const ORDERS = ["ascending", "shuffled"] as const;
export const PORTS = ["plain", "atomic"] as const;
export const KINDS = ["map", "walk", "unmap"] as const;
export const PAGES = 65_536;
/** Passes of one process: those that warm up, and those that count. */
const WARM_PASSES = 12;
const PASSES = 5;
/** High in a process's half of the address space, where page numbers do not fit 32 bits. */
const FIRST_PAGE = 0x7_f000_0000;
const SHUFFLE_SEED = 20_061_106;
const TABLE_FRAMES = 1024;
const DATA_FRAMES = PAGES;
const PRESENT_WRITABLE_USER = 7;
const NO_EXECUTE = 1 << 31;

export type Order = (typeof ORDERS)[number];
export type PortName = (typeof PORTS)[number];
/** Million operations per CPU second, in the order of KINDS. */
export type Speeds = readonly [map: number, walk: number, unmap: number];

/** Page numbers of one pass. The peer shuffles with the same generator. */
function pagesIn(order: Order): Float64Array {
  const pages = Float64Array.from({ length: PAGES }, (_, i) => FIRST_PAGE + i);
  if (order === "ascending") return pages;
  let state = SHUFFLE_SEED;
  for (let i = PAGES - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [pages[i], pages[other]] = [pages[other]!, pages[i]!];
  }
  return pages;
}

/** One process on node 0 of a machine with a replica of its tables on each of its nodes. */
function machineWith(replicas: number, port: PortName): Replication {
  const shape = geometry({
    nodes: replicas,
    cpusPerNode: 1,
    tableFrames: TABLE_FRAMES,
    dataFrames: DATA_FRAMES,
    processes: 1,
    ranges: 1,
  });
  const bytes = wordsNeeded(shape) * Int32Array.BYTES_PER_ELEMENT;
  const words = new Int32Array(port === "plain" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes));
  const system = Replication.initialise(words, shape, {
    port: port === "plain" ? new PlainPort(words) : new AtomicPort(words),
  });
  system.apply({ kind: "spawn", cpu: 0, pid: 1, comm: "bench", cmdline: "bench" });
  system.apply({ kind: "switch", cpu: 0, pid: 1 });
  if (replicas > 1) system.apply({ kind: "enable", cpu: 0, pid: 1, nodes: shape.onlineNodes });
  return system;
}

function mapAll(leaves: LeafAccess, pages: Float64Array, firstFrame: number): void {
  for (let i = 0; i < PAGES; i++) {
    const low = ((firstFrame + i) << 12) | PRESENT_WRITABLE_USER;
    if (leaves.set(pages[i]!, low, NO_EXECUTE) !== 0) throw new Error("no memory for tables");
  }
}

function walkAll(leaves: LeafAccess, pages: Float64Array, root: number): number {
  let sum = 0;
  for (let i = 0; i < PAGES; i++) sum = (sum + leaves.walk(root, pages[i]!)) | 0;
  return sum;
}

function unmapAll(leaves: LeafAccess, pages: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < PAGES; i++) sum = (sum + (leaves.clear(pages[i]!) >>> 12)) | 0;
  return sum;
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The medians of a few passes, after some that warm up. `access` makes what is measured. */
export function measure(
  replicas: number,
  port: PortName,
  order: Order,
  access: (system: Replication) => LeafAccess = (system) => system.leaves(0, 0),
): Speeds {
  const system = machineWith(replicas, port);
  const pages = pagesIn(order);
  const { kernel, words } = system;
  const before = words.slice();
  const leaves = access(system);
  const roots = Array.from({ length: replicas }, (_, node) =>
    node === 0 ? kernel.spaces.root(0) : kernel.spaces.replica(0, node),
  );
  const firstFrame = kernel.tables.firstDataFrame(0);
  const frameSum = (firstFrame * PAGES + (PAGES * (PAGES - 1)) / 2) | 0;
  const speeds: [number[], number[], number[]] = [[], [], []];
  for (let pass = 0; pass < WARM_PASSES + PASSES; pass++) {
    words.set(before);
    const start = cpuMicroseconds();
    mapAll(leaves, pages, firstFrame);
    const mapped = cpuMicroseconds();
    for (const root of roots) {
      if (walkAll(leaves, pages, root) !== frameSum) throw new Error("a walk found another frame");
    }
    const walked = cpuMicroseconds();
    if (unmapAll(leaves, pages) !== frameSum) throw new Error("an unmap took another frame");
    const unmapped = cpuMicroseconds();
    if (pass < WARM_PASSES) continue;
    speeds[0].push(PAGES / (mapped - start));
    speeds[1].push((PAGES * replicas) / (walked - mapped));
    speeds[2].push(PAGES / (unmapped - walked));
  }
  return [median(speeds[0]), median(speeds[1]), median(speeds[2])];
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

/** The medians of several runs, kind by kind. */
export function medians(runs: readonly Speeds[]): Speeds {
  return [
    median(runs.map(([map]) => map)),
    median(runs.map(([, walk]) => walk)),
    median(runs.map(([, , unmap]) => unmap)),
  ];
}
