/**
 * The report of a live process, by the size of its memory: with 2 MiB pages and without (bench/peers/touch.c).
 *
 *   npm run build && node dist/bench/contiguity-live.js [GIB …]
 *
 * Needs root, a C compiler and the memory; 1, 4 and 8 GiB unless given. Each report is a process of its own: `pagetwin
 * contiguity --pid N --json`, whose CPU time (user and system, start-up included) and peak memory are what the kernel says of
 * it. What is live is never the same twice, so there is no verdict here; the pages found must be those that were touched.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contiguity } from "../cli/contiguity.js";

const MEBIBYTES_PER_GIBIBYTE = 1024;
const PAGES_PER_MEBIBYTE = 256;
/** Memory that the machine keeps for everybody else. */
const SPARE_GIBIBYTES = 2;

interface Figures {
  readonly code: number;
  readonly ranges: number;
  readonly present: number;
  readonly hugePages: number;
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

async function touched(peer: string, mebibytes: number, kind: string): Promise<ChildProcess> {
  const child = spawn(peer, [String(mebibytes), kind], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout!, "data");
  return child;
}

async function measure(pid: number): Promise<Figures> {
  let text = "";
  const keep = (printed: string): void => {
    text += printed;
  };
  const code = await contiguity({ pid, json: true }, keep, (line) => void process.stderr.write(line));
  const report = JSON.parse(text || '{"sections":[],"workingSet":{}}') as {
    sections: { name: string; entries: number }[];
    workingSet: { presentPages: number; hugePages: number };
  };
  const { user, system } = process.cpuUsage();
  return {
    code,
    ranges: report.sections.find(({ name }) => name === "Range_TLB")?.entries ?? 0,
    present: report.workingSet.presentPages,
    hugePages: report.workingSet.hugePages,
    cpuSeconds: (user + system) / 1e6,
    mebibytes: process.resourceUsage().maxRSS / 1024,
  };
}

async function compare(peer: string, gibibytes: number, kind: "huge" | "small"): Promise<void> {
  const mebibytes = gibibytes * MEBIBYTES_PER_GIBIBYTE;
  const child = await touched(peer, mebibytes, kind);
  try {
    const script = fileURLToPath(import.meta.url);
    const { stdout } = spawnSync(process.execPath, [script, "--one", String(child.pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const found = JSON.parse(stdout) as Figures;
    if (found.code !== 0) process.exitCode = 1;
    else if (found.present < mebibytes * PAGES_PER_MEBIBYTE) throw new Error(`${found.present} pages found`);
    process.stdout.write(
      `${gibibytes} GiB, ${kind} pages: ${found.cpuSeconds.toFixed(2)} CPU s, ${found.mebibytes.toFixed(0)} MiB; ` +
        `${found.present} present pages, ${found.hugePages} huge ones, ${found.ranges} ranges\n`,
    );
  } finally {
    child.stdin!.end();
    await once(child, "exit");
  }
}

async function main(sizes: readonly number[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-contiguity-"));
  try {
    const peer = join(folder, "touch");
    execFileSync("cc", ["-O2", "-o", peer, join(process.cwd(), "bench/peers/touch.c")]);
    for (const size of sizes) {
      const room = freemem() / 2 ** 30 - SPARE_GIBIBYTES;
      if (size > room) {
        process.stdout.write(`${size} GiB: left out, there is room for ${Math.max(0, Math.floor(room))} GiB\n`);
        continue;
      }
      for (const kind of ["huge", "small"] as const) await compare(peer, size, kind);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[2] === "--one") process.stdout.write(JSON.stringify(await measure(Number(process.argv[3]))));
else await main(process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 4, 8]);
