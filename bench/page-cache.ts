/**
 * Pairs of push and pop through the page cache, against the same in C11 atomics (bench/peers/page-cache.c), against a lock made of
 * `Atomics.wait`, and against the same code under the checker's port, in one run.
 *
 *   npm run build && npm run bench:page-cache [-- rounds]
 *
 * Each contender is a process of its own; they run in turn, and the figures are medians. All keep head, link, the mark of a
 * popped page, count and counters; contents lie elsewhere (pageWords 0). One thread is measured in CPU time after a warm-up.
 * Two threads are measured in wall time from the moment at which both are ready, in total: on a machine where something
 * else runs these say little. `plain link` is the build that is outside of what verdicts about schedules speak of.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { interleave } from "../explore/interleave/interleave.js";
import { LocklessPageCache } from "../impl/page-cache/lockless-page-cache.js";
import { cacheProgram } from "../properties/page-cache/programs.js";
import { cacheGeometry } from "../vocabulary/page-cache/geometry.js";
import { median, medianRatio } from "./median.js";
import { FutexStack } from "./peers/futex-stack.js";

const ROUNDS = 5;
const PAGES = 1023;
const NODES = 2;
const TAG_BITS = 16;
const WARM_UP = 300_000;
const PAIRS = 4_000_000;
const SLOW_PAIRS = 600_000;
const CHECKED_PAIRS = 100;
const CHECKED_RUNS = 20;
const PEER = new URL("../../bench/peers/page-cache.c", import.meta.url);

/** C11 in the order that JavaScript's Atomics promise as well, and in the weakest that is right. */
const PEER_ORDERS = [
  ["C11 atomics", "default"],
  ["C11 atomics, weakest order", "weakest"],
] as const;
const CONTENDERS = ["frame head", "frame head, plain link", "address head", "lock"] as const;
type Contender = (typeof CONTENDERS)[number];
type Sharing = "shared" | "own";

/** Does so many pairs on a node: two pops, then two pushes. */
type Work = (node: number, pairs: number) => void;

interface Job {
  readonly contender: Contender;
  readonly words: Int32Array;
  readonly gate: Int32Array;
  readonly node: number;
  readonly pairs: number;
}

const geometryFor = (contender: Contender) =>
  cacheGeometry({
    nodes: NODES,
    framesPerNode: PAGES,
    pageWords: 0,
    tagBits: TAG_BITS,
    head: contender === "address head" ? "address" : "frame",
  });

const linksOf = (contender: Contender) => (contender === "frame head, plain link" ? "plain" : "atomic");

/** The contender's words, with all pages on the lists. */
function filledWords(contender: Contender): Int32Array {
  const shared = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count));
  if (contender === "lock") {
    const words = shared(FutexStack.wordsNeeded(NODES, NODES * PAGES));
    const stack = new FutexStack(words, NODES);
    for (let frame = 0; frame < NODES * PAGES; frame++) stack.push(frame, Math.floor(frame / PAGES));
    return words;
  }
  const geometry = geometryFor(contender);
  const words = shared(LocklessPageCache.wordsNeeded(geometry));
  LocklessPageCache.initialise(words, geometry);
  const cache = LocklessPageCache.attach(words, geometry, { links: linksOf(contender) });
  for (let node = 0; node < NODES; node++) cache.populate(node, PAGES);
  return words;
}

function workOn(contender: Contender, words: Int32Array): Work {
  if (contender === "lock") {
    const stack = new FutexStack(words, NODES);
    return (node, pairs) => {
      for (let done = 0; done < pairs; done += 2) {
        const one = stack.pop(node);
        const other = stack.pop(node);
        if (other >= 0) stack.push(other, node);
        if (one >= 0) stack.push(one, node);
      }
    };
  }
  const cache = LocklessPageCache.attach(words, geometryFor(contender), { links: linksOf(contender) });
  return (node, pairs) => {
    for (let done = 0; done < pairs; done += 2) {
      const one = cache.pop(node);
      const other = cache.pop(node);
      if (other >= 0) cache.push(other);
      if (one >= 0) cache.push(one);
    }
  };
}

const pairsOf = (contender: Contender): number => (contender === "address head" ? SLOW_PAIRS : PAIRS);

/** Million pairs per CPU second. */
function oneThread(contender: Contender): number {
  const work = workOn(contender, filledWords(contender));
  for (let warm = 0; warm < 3; warm++) work(0, WARM_UP / 3);
  const begun = process.cpuUsage();
  work(0, pairsOf(contender));
  const { user, system } = process.cpuUsage(begun);
  return pairsOf(contender) / (user + system);
}

/** Million pairs per second of wall time, of two threads together. */
async function twoThreads(contender: Contender, sharing: Sharing): Promise<number> {
  const words = filledWords(contender);
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const pairs = pairsOf(contender) / 2;
  const ended = [0, 1].map((thread) => {
    const job: Job = { contender, words, gate, node: sharing === "own" ? thread : 0, pairs };
    const worker = new Worker(new URL(import.meta.url), { workerData: job });
    return new Promise<void>((resolve, reject) => {
      worker.once("error", reject);
      worker.once("exit", () => resolve());
    });
  });
  while (Atomics.load(gate, 0) < 2) Atomics.wait(gate, 0, Atomics.load(gate, 0), 10);
  const begun = performance.now();
  Atomics.store(gate, 0, 3);
  Atomics.notify(gate, 0);
  await Promise.all(ended);
  return (2 * pairs) / (performance.now() - begun) / 1000;
}

function asWorker({ contender, words, gate, node, pairs }: Job): void {
  const work = workOn(contender, words);
  work(node, WARM_UP);
  Atomics.add(gate, 0, 1);
  Atomics.notify(gate, 0);
  while (Atomics.load(gate, 0) < 3) Atomics.wait(gate, 0, Atomics.load(gate, 0), 10);
  work(node, pairs);
}

/** Million pairs per CPU second of one thread under the checker: each access stops the operation, and it runs anew. */
function underChecker(): number {
  const shape = { letters: ["ou".repeat(CHECKED_PAIRS)], frames: 4 };
  const run = () => interleave(cacheProgram(shape), {}, { walks: 0 });
  if (run().verdict !== "held") throw new Error("the checker has found something");
  const begun = process.cpuUsage();
  for (let each = 0; each < CHECKED_RUNS; each++) run();
  const { user, system } = process.cpuUsage(begun);
  return (CHECKED_RUNS * CHECKED_PAIRS) / (user + system);
}

/** Compiles the peer into `folder`. @returns its path, or why there is none */
function compiledPeer(folder: string): { readonly path: string } | { readonly absent: string } {
  const source = fileURLToPath(PEER);
  if (!existsSync(source)) return { absent: `${source} is not there` };
  const path = join(folder, "page-cache");
  const { status, error } = spawnSync("cc", ["-O2", "-pthread", "-o", path, source]);
  if (error !== undefined) return { absent: "there is no C compiler named cc" };
  return status === 0 ? { path } : { absent: "cc could not compile it" };
}

const printed = (command: string, args: readonly string[]): number =>
  Number(execFileSync(command, args, { encoding: "utf8" }));
const child = (...args: readonly string[]) =>
  printed(process.execPath, [fileURLToPath(import.meta.url), "--one", ...args]);

/** Each contender once a round, in turn. @returns the speeds of all rounds, by contender */
function compete(contenders: ReadonlyMap<string, () => number>, rounds: number): Map<string, number[]> {
  const runs = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, contender] of contenders) runs.get(name)!.push(contender());
  }
  return runs;
}

function table(title: string, speeds: ReadonlyMap<string, readonly number[]>): string {
  const peers = speeds.get("C11 atomics") ?? [];
  const lines = [...speeds].map(([name, rounds]) => {
    const [speed, ratio] = [median(rounds), medianRatio(rounds, peers)];
    const against = Number.isNaN(ratio) ? "" : `${ratio.toFixed(ratio < 0.1 ? 4 : 2)} x C`.padStart(12);
    return `  ${name.padEnd(28)}${speed.toFixed(speed < 1 ? 4 : 2).padStart(9)}${against}`;
  });
  return `${title}\n${lines.join("\n")}\n`;
}

function main(rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), "pagetwin-page-cache-"));
  try {
    const peer = compiledPeer(folder);
    if ("absent" in peer) process.stdout.write(`no comparison with C: ${peer.absent}\n`);
    const withPeer = (threads: number, sharing: Sharing, others: readonly [string, () => number][]) =>
      new Map<string, () => number>([
        ...("path" in peer
          ? PEER_ORDERS.map(
              ([name, order]) =>
                [name, () => printed(peer.path, [order, String(threads), sharing, String(PAIRS)])] as const,
            )
          : []),
        ...others,
      ]);
    const one = compete(
      withPeer(1, "shared", [
        ...CONTENDERS.map((name): [string, () => number] => [name, () => child("alone", name)]),
        ["frame head, checker's port", () => child("checked")],
      ]),
      rounds,
    );
    process.stdout.write(`${table(`one thread: million pairs per CPU second, medians of ${rounds}`, one)}\n`);
    const changes = 2 * median(one.get("frame head")!);
    const wrap = ((2 ** TAG_BITS / changes) * 1e-3).toFixed(1);
    process.stdout.write(
      `${2 ** TAG_BITS} changes of a head, after which a tag of 16 bits comes round: ${wrap} ms\n\n`,
    );
    const load = loadavg()[0]!.toFixed(1);
    process.stdout.write(
      `two threads on ${availableParallelism()} cores, load ${load}: million pairs per second of wall time, in total\n`,
    );
    for (const sharing of ["shared", "own"] as const) {
      const others = CONTENDERS.map((name): [string, () => number] => [name, () => child("together", name, sharing)]);
      const title = sharing === "shared" ? "one list for both" : "each thread on a list of its own";
      process.stdout.write(`${table(title, compete(withPeer(2, sharing, others), Math.min(rounds, 3)))}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first, kind, contender, sharing] = process.argv.slice(2);
if (!isMainThread) asWorker(workerData as Job);
else if (first !== "--one") main(Number(first ?? ROUNDS));
else {
  const speed =
    kind === "checked"
      ? underChecker()
      : kind === "alone"
        ? oneThread(contender as Contender)
        : await twoThreads(contender as Contender, sharing as Sharing);
  process.stdout.write(String(speed));
}
