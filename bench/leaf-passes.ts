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
import { median } from "./median.js";

export const ORDERS = ["ascending", "shuffled"] as const;
export const PORTS = ["plain", "atomic"] as const;
export const KINDS = ["map", "walk", "unmap"] as const;
export const PAGES = 65_536;
/** Passes of one process: those that warm up, and those that count. */
const WARM_PASSES = 12;
const PASSES = 15;
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

/** Page numbers in the halves that access leaf by leaf takes. */
interface Pages {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

function halves(pages: Float64Array): Pages {
  return {
    high: Int32Array.from(pages, (page) => page / 2 ** 18),
    low: Int32Array.from(pages, (page) => page % 2 ** 18),
  };
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

function mapAll(leaves: LeafAccess, { high, low }: Pages, firstFrame: number): void {
  const count = high.length;
  for (let i = 0; i < count; i++) {
    const word = ((firstFrame + i) << 12) | PRESENT_WRITABLE_USER;
    if (leaves.set(high[i]!, low[i]!, word, NO_EXECUTE) !== 0) throw new Error("no memory for tables");
  }
}

function walkAll(leaves: LeafAccess, { high, low }: Pages, root: number): number {
  const count = high.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum = (sum + leaves.walk(root, high[i]!, low[i]!)) | 0;
  return sum;
}

function unmapAll(leaves: LeafAccess, { high, low }: Pages): number {
  const count = high.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum = (sum + (leaves.clear(high[i]!, low[i]!) >>> 12)) | 0;
  return sum;
}

/**
 * Puts the words back as they are now. Nearly all are zero: these are filled in, as the peer does, since reading a copy as
 * large as the machine would leave the caches full of it.
 */
function restorer(words: Int32Array): () => void {
  const used = Int32Array.from(words.keys()).filter((index) => words[index] !== 0);
  const values = used.map((index) => words[index]!);
  return () => {
    words.fill(0);
    for (let i = 0; i < used.length; i++) words[used[i]!] = values[i]!;
  };
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
  const { kernel, words } = system;
  const pages = halves(pagesIn(order));
  const restore = restorer(words);
  const leaves = access(system);
  const roots = Array.from({ length: replicas }, (_, node) =>
    node === 0 ? kernel.spaces.root(0) : kernel.spaces.replica(0, node),
  );
  const firstFrame = kernel.tables.firstDataFrame(0);
  const frameSum = (firstFrame * PAGES + (PAGES * (PAGES - 1)) / 2) | 0;
  const speeds: [number[], number[], number[]] = [[], [], []];
  for (let pass = 0; pass < WARM_PASSES + PASSES; pass++) {
    restore();
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
