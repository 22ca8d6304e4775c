/**
 * Leaves in page tables with 1, 2, 4 and 8 replicas against the same work in C (bench/peers/page-table.c), in one run.
 *
 *   npm run build && npm run bench:page-table [-- rounds]
 *
 * The implementation is what a simulator calls: `Replication.leaves` over tables and rings that `enable` has made, with
 * the plain port and with the atomic one. Each measured pass maps all pages one by one (and makes the tables), walks
 * each of them from every node's root, and unmaps them; pages come in ascending and in shuffled order. Every contender is
 * a process of its own, so that no configuration runs on code that was compiled for another; what counts is the CPU time
 * of the process, user and system, after a warm-up. Contenders run in turn; the figures are medians, and a ratio is the
 * median of the rounds' ratios, so that a machine whose speed drifts slows both sides of it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KINDS, measure, ORDERS, type Order, PAGES, PORTS, type PortName, type Speeds } from "./leaf-passes.js";
import { median, medianRatio } from "./median.js";

const ROUNDS = 7;
const PEER_PASSES = 15;
const PEER = new URL("../../bench/peers/page-table.c", import.meta.url);
const REPLICAS = [1, 2, 4, 8] as const;
/** Compiles the peer into `folder`. @returns its path, or why there is none */
function compiledPeer(folder: string): { readonly path: string } | { readonly absent: string } {
  const source = fileURLToPath(PEER);
  if (!existsSync(source)) return { absent: `${source} is not there` };
  const path = join(folder, "page-table");
  const { status, error } = spawnSync("cc", ["-O2", "-o", path, source]);
  if (error !== undefined) return { absent: "there is no C compiler named cc" };
  return status === 0 ? { path } : { absent: "cc could not compile it" };
}

function peerRun(path: string, replicas: number, order: Order): Speeds {
  const printed = execFileSync(path, [String(replicas), order, String(PEER_PASSES)], { encoding: "utf8" });
  const [map = Number.NaN, walk = Number.NaN, unmap = Number.NaN] = printed.trim().split(" ").map(Number);
  return [map, walk, unmap];
}

function childRun(replicas: number, port: PortName, order: Order): Speeds {
  const args = [fileURLToPath(import.meta.url), "--one", String(replicas), port, order];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

/** The speeds of all rounds, by replicas and contender. */
type Rounds = ReadonlyMap<string, readonly Speeds[]>;

/** Runs every contender once a round, in turn. */
function compete(contenders: ReadonlyMap<string, (replicas: number) => Speeds>, rounds: number): Rounds {
  const runs = new Map<string, Speeds[]>();
  for (let round = 0; round < rounds; round++) {
    for (const replicas of REPLICAS) {
      for (const [name, contender] of contenders) {
        const key = `${replicas} ${name}`;
        runs.set(key, [...(runs.get(key) ?? []), contender(replicas)]);
      }
    }
  }
  return runs;
}

function table(order: Order, rounds: Rounds): string {
  const all = (replicas: number, name: string, kind: number): number[] =>
    (rounds.get(`${replicas} ${name}`) ?? []).map((speeds) => speeds[kind]!);
  const speed = (replicas: number, name: string, kind: number): number => median(all(replicas, name, kind));
  const ratio = (replicas: number, name: string, kind: number): number =>
    medianRatio(all(replicas, name, kind), all(replicas, "C", kind));
  const figure = (value: number, digits: number): string =>
    (Number.isNaN(value) ? "-" : value.toFixed(digits)).padStart(9);
  /** Nanoseconds that each replica beyond the first adds to an operation. */
  const perReplica = (replicas: number, name: string, kind: number): number =>
    replicas === 1 ? Number.NaN : (1e3 / speed(replicas, name, kind) - 1e3 / speed(1, name, kind)) / (replicas - 1);
  const head = ["plain", "atomic", "C -O2", "plain/C", "atomic/C", "ns/rep.", "C ns/rep."];
  const lines = [`${order} pages`.padEnd(24) + head.map((name) => name.padStart(10)).join("")];
  for (const [kind, name] of KINDS.entries()) {
    for (const replicas of REPLICAS) {
      const [plain, atomic, peer] = ["plain", "atomic", "C"].map((by) => speed(replicas, by, kind));
      const cells = [
        figure(plain!, 1),
        figure(atomic!, 1),
        figure(peer!, 1),
        figure(ratio(replicas, "plain", kind), 2),
        figure(ratio(replicas, "atomic", kind), 2),
        figure(perReplica(replicas, "plain", kind), 2),
        figure(perReplica(replicas, "C", kind), 2),
      ];
      lines.push(
        `${name.padEnd(8)}${String(replicas).padStart(2)} replica${replicas === 1 ? " " : "s"}     ${cells.map((cell) => ` ${cell}`).join("")}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

function main(rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), "pagetwin-page-table-"));
  try {
    const peer = compiledPeer(folder);
    if ("absent" in peer) process.stdout.write(`no comparison with C: ${peer.absent}\n`);
    process.stdout.write(`${PAGES} leaves; million operations per CPU second, medians of ${rounds}\n`);
    for (const order of ORDERS) {
      const contenders = new Map<string, (replicas: number) => Speeds>(
        PORTS.map((port) => [port, (replicas: number) => childRun(replicas, port, order)]),
      );
      if ("path" in peer) contenders.set("C", (replicas) => peerRun(peer.path, replicas, order));
      process.stdout.write(`\n${table(order, compete(contenders, rounds))}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === "--one") {
  const [replicas, port, order] = rest;
  process.stdout.write(JSON.stringify(measure(Number(replicas), port as PortName, order as Order)));
} else {
  main(Number(first ?? ROUNDS));
}
