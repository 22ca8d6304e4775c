/**
 * The contiguity report of a snapshot with 30 million present pages, once in 2 MiB pages and once in a million runs of
 * 4 KiB pages, beside a C program that goes page by page over the same words (bench/peers/contiguity.c).
 *
 *   npm run build && node dist/bench/contiguity.js
 *
 * Each contender is a process of its own; its CPU time (user and system, start-up included) and its peak memory are what
 * the kernel says of it. They do not read the same files: the report reads run lists in JSON, the peer plain words. Both
 * must find the same numbers of runs, anchors, ranges, offsets and pages.
 */
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contiguity } from "../cli/contiguity.js";

const PAGES = 30_000_128;
const FIRST_PAGE = 0x200_000;
const HUGE_PAGES = 512;
const PAGE_BYTES = 4096;
const WORD_BYTES = 8;
const PRESENT_HIGH = 0x80000000;
const HUGE_HEAD = 0x408000;
const HUGE_TAIL = 0x410000;
const CPU_SECONDS_MAX = 10;
const MEBIBYTES_MAX = 1024;

interface Kind {
  readonly name: string;
  /** Pages of one run; behind each lies as much memory of someone else. */
  readonly runPages: number;
  readonly huge: boolean;
}

const KINDS: readonly Kind[] = [
  { name: "2 MiB pages", runPages: HUGE_PAGES, huge: true },
  { name: "4 KiB pages in a million runs", runPages: 30, huge: false },
];

interface Figures {
  readonly counts: readonly number[];
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

const runsOf = ({ runPages }: Kind): number => Math.floor(PAGES / runPages);
const frameOf = ({ runPages }: Kind, run: number): number => 2 * runPages * (run + 1);

function writeSnapshot(kind: Kind, folder: string): void {
  const end = FIRST_PAGE + runsOf(kind) * kind.runPages;
  const area = `${(FIRST_PAGE * PAGE_BYTES).toString(16)}-${(end * PAGE_BYTES).toString(16)} rw-p 0 0:0 0\n`;
  writeFileSync(join(folder, "maps.txt"), area);
  const pages: string[] = [];
  const flags: string[] = [];
  for (let run = 0; run < runsOf(kind); run++) {
    const frame = frameOf(kind, run);
    const word = `0x80000000${frame.toString(16).padStart(8, "0")}`;
    pages.push(`[${FIRST_PAGE + run * kind.runPages},${kind.runPages},"${word}",1,1]`);
    if (!kind.huge) continue;
    flags.push(`[${frame},1,"0x${HUGE_HEAD.toString(16)}",0,1]`);
    flags.push(`[${frame + 1},${HUGE_PAGES - 1},"0x${HUGE_TAIL.toString(16)}",0,1]`);
  }
  const text = (format: string, limit: number, runs: readonly string[]) =>
    `{"format":"${format}","limit":${limit},"runs":[${runs.join(",\n")}]}`;
  writeFileSync(join(folder, "pagemap.json"), text("pagemap-runs-v1", end, pages));
  writeFileSync(join(folder, "kpageflags.json"), text("kpageflags-runs-v1", frameOf(kind, runsOf(kind)), flags));
}

/** The same for the peer: word i is entry i. Flags words that are 0 are holes in the file. */
function writeWords(kind: Kind, folder: string): void {
  const pagemap = openSync(join(folder, "pagemap"), "w");
  const flags = openSync(join(folder, "kpageflags"), "w");
  ftruncateSync(flags, frameOf(kind, runsOf(kind)) * WORD_BYTES);
  const words = new Uint32Array(2 * kind.runPages);
  const head = Uint32Array.of(HUGE_HEAD, 0);
  for (let run = 0; run < runsOf(kind); run++) {
    const frame = frameOf(kind, run);
    for (let page = 0; page < kind.runPages; page++) {
      words[2 * page] = frame + page;
      words[2 * page + 1] = PRESENT_HIGH;
    }
    writeSync(pagemap, words, 0, words.byteLength, (FIRST_PAGE + run * kind.runPages) * WORD_BYTES);
    if (kind.huge) writeSync(flags, head, 0, head.byteLength, frame * WORD_BYTES);
  }
  closeSync(pagemap);
  closeSync(flags);
}

function reportFigures(folder: string): Figures {
  const script = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [script, "--one", folder], { encoding: "utf8" }));
}

function peerFigures(kind: Kind, peer: string, folder: string): Figures {
  const place = [FIRST_PAGE, runsOf(kind) * kind.runPages].map(String);
  const text = execFileSync(peer, [join(folder, "pagemap"), join(folder, "kpageflags"), ...place], {
    encoding: "utf8",
  });
  const numbers = text.trim().split(" ").map(Number);
  return { counts: numbers.slice(0, 5), cpuSeconds: numbers[5]! / 1e6, mebibytes: numbers[6]! / 1024 };
}

/** The child's part. */
async function measure(folder: string): Promise<Figures> {
  let text = "";
  const keep = (printed: string): void => {
    text += printed;
  };
  const code = await contiguity({ snapshot: folder, json: true }, keep, (line) => void process.stderr.write(line));
  if (code !== 0) throw new Error(`the report ended with ${code}`);
  const report = JSON.parse(text) as {
    sections: { name: string; entries: number }[];
    workingSet: { presentPages: number };
  };
  const entries = ["Virtual_TLB", "Anchor_TLB", "Range_TLB", "SpOT"].map(
    (name) => report.sections.find((section) => section.name === name)!.entries,
  );
  const { user, system } = process.cpuUsage();
  return {
    counts: [...entries, report.workingSet.presentPages],
    cpuSeconds: (user + system) / 1e6,
    mebibytes: process.resourceUsage().maxRSS / 1024,
  };
}

function compare(kind: Kind, peer: string, folder: string): void {
  mkdirSync(folder);
  writeSnapshot(kind, folder);
  writeWords(kind, folder);
  const [ours, theirs] = [reportFigures(folder), peerFigures(kind, peer, folder)];
  if (String(ours.counts) !== String(theirs.counts)) {
    throw new Error(`${kind.name}: the report counts ${ours.counts}, the peer ${theirs.counts}`);
  }
  for (const [name, { cpuSeconds, mebibytes }] of Object.entries({ report: ours, peer: theirs })) {
    process.stdout.write(`${kind.name}: ${name} ${cpuSeconds.toFixed(2)} CPU s, ${mebibytes.toFixed(0)} MiB\n`);
  }
  if (ours.cpuSeconds >= CPU_SECONDS_MAX || ours.mebibytes >= MEBIBYTES_MAX) process.exitCode = 1;
  rmSync(folder, { recursive: true });
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-contiguity-"));
  try {
    const peer = join(folder, "peer");
    const root = process.cwd();
    execFileSync("cc", ["-O2", "-o", peer, join(root, "bench/peers/contiguity.c")]);
    for (const [index, kind] of KINDS.entries()) compare(kind, peer, join(folder, String(index)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[2] === "--one") process.stdout.write(JSON.stringify(await measure(process.argv[3]!)));
else main();
