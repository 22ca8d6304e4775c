/**
 * The explorer against SPIN on German's directory protocol, four caches, with the three invariants, in one run.
 *
 *   npm run build && node dist/bench/explore-german.js [caches] [rounds]
 *
 * Every contender is a process of its own and pays for its start and its compiling to machine code; SPIN's verifier is
 * compiled beforehand, by gcc. It asserts the invariants after each transition, where the explorer judges each state once,
 * and counts the entry into its initial state as one transition more. What counts is the CPU time of the process, user and
 * system. Contenders run in turn.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { explore, type Limits } from "../explore/index.js";
import { German, germanChecks } from "./peers/german.js";
import { compareSearches, type SearchRun, spinRun, spinVerifier } from "./spin.js";

const STORES: readonly Limits["store"][] = ["fingerprint", "full"];
const MICROSECONDS = 1e6;

/** The child's part: one exploration, reported as JSON. */
function exploreOnce(caches: number, store: Limits["store"]): void {
  const machine = new German(caches);
  const { verdict, exhausted, states, transitions, memory } = explore(machine, germanChecks(machine), { store });
  if (verdict !== "held" || !exhausted) throw new Error(`German's protocol is ${verdict}`);
  const { user, system } = process.cpuUsage();
  const run: SearchRun = {
    states,
    transitions,
    cpuSeconds: (user + system) / MICROSECONDS,
    bytesPerState: memory.set / states,
  };
  process.stdout.write(JSON.stringify(run));
}

function childRun(caches: number, store: Limits["store"]): SearchRun {
  const args = [fileURLToPath(import.meta.url), "--one", String(caches), store];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function main(caches: number, rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), "pagetwin-german-"));
  try {
    const contenders = new Map<string, () => SearchRun>(
      STORES.map((store) => [`explore ${store}`, () => childRun(caches, store)]),
    );
    const verifier = spinVerifier("german.pml", { N: caches }, folder);
    if ("path" in verifier) contenders.set("spin", () => spinRun(verifier.path, folder));
    else process.stdout.write(`no comparison with SPIN: ${verifier.absent}\n`);
    process.stdout.write(`German's protocol, ${caches} caches; medians of ${rounds}\n`);
    process.stdout.write(compareSearches(contenders, rounds));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first, second, third] = process.argv.slice(2);
if (first === "--one") exploreOnce(Number(second), third as Limits["store"]);
else main(Number(first ?? 4), Number(second ?? 5));
