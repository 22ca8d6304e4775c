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
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { explore, type Limits } from "../explore/index.js";
import { German, germanChecks } from "./peers/german.js";

interface Run {
  readonly states: number;
  readonly transitions: number;
  readonly cpuSeconds: number;
  readonly bytesPerState: number;
}

const STORES: readonly Limits["store"][] = ["fingerprint", "full"];
const MICROSECONDS = 1e6;

/** The child's part: one exploration, reported as JSON. */
function exploreOnce(caches: number, store: Limits["store"]): void {
  const machine = new German(caches);
  const { verdict, exhausted, states, transitions, memory } = explore(machine, germanChecks(machine), { store });
  if (verdict !== "held" || !exhausted) throw new Error(`German's protocol is ${verdict}`);
  const { user, system } = process.cpuUsage();
  const run: Run = {
    states,
    transitions,
    cpuSeconds: (user + system) / MICROSECONDS,
    bytesPerState: memory.set / states,
  };
  process.stdout.write(JSON.stringify(run));
}

function childRun(caches: number, store: Limits["store"]): Run {
  const args = [fileURLToPath(import.meta.url), "--one", String(caches), store];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

/** Compiles SPIN's verifier into `folder`. @returns its path, or why there is none */
function spinVerifier(caches: number, folder: string): { readonly path: string } | { readonly absent: string } {
  const model = fileURLToPath(new URL("../../bench/peers/german.pml", import.meta.url));
  if (!existsSync(model)) return { absent: `${model} is not there` };
  const generate = spawnSync("spin", [`-DN=${caches}`, "-a", model], { cwd: folder });
  if (generate.status !== 0) return { absent: "spin is not installed (Debian: apt-get install spin)" };
  const flags = ["-O3", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"];
  if (spawnSync("gcc", flags, { cwd: folder }).status !== 0) return { absent: "gcc could not compile SPIN's verifier" };
  return { path: join(folder, "pan") };
}

function spinRun(verifier: string, folder: string): Run {
  const script = `TIMEFORMAT='cpu %U %S'; time "$0" -m100000`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script, verifier], { cwd: folder, encoding: "utf8" });
  const number = (text: string, pattern: RegExp): number => {
    const found = pattern.exec(text);
    if (found === null) throw new Error(`SPIN's verifier: no ${pattern} in ${text}${stderr}`);
    return Number(found[1]);
  };
  if (number(stdout, /errors: (\d+)/) !== 0) throw new Error("SPIN's verifier reports an error");
  return {
    states: number(stdout, /(\d+) states, stored/),
    transitions: number(stdout, /(\d+) transitions/),
    cpuSeconds: number(stderr, /cpu ([\d.]+)/) + number(stderr, /cpu [\d.]+ ([\d.]+)/),
    bytesPerState:
      (number(stdout, /([\d.]+)\s+actual memory usage/) * 2 ** 20) / number(stdout, /(\d+) states, stored/),
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

function main(caches: number, rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), "pagetwin-german-"));
  try {
    const contenders = new Map<string, () => Run>(
      STORES.map((store) => [`explore ${store}`, () => childRun(caches, store)]),
    );
    const verifier = spinVerifier(caches, folder);
    if ("path" in verifier) contenders.set("spin", () => spinRun(verifier.path, folder));
    else process.stdout.write(`no comparison with SPIN: ${verifier.absent}\n`);
    const runs = new Map<string, Run[]>([...contenders.keys()].map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, contender] of contenders) runs.get(name)!.push(contender());
    }
    const seconds = (name: string): number => median(runs.get(name)!.map((run) => run.cpuSeconds));
    process.stdout.write(`German's protocol, ${caches} caches; medians of ${rounds}\n`);
    for (const [name, [run]] of runs) {
      const { states, transitions, bytesPerState } = run!;
      const perSecond = Math.round(states / seconds(name) / 1000);
      const against = contenders.has("spin") ? `  ${(seconds("spin") / seconds(name)).toFixed(2)} x SPIN` : "";
      process.stdout.write(
        `${name.padEnd(20)} ${states} states  ${transitions} transitions  ${seconds(name).toFixed(2)} CPU s  ` +
          `${perSecond} k states/s  ${bytesPerState.toFixed(1)} B/state${against}\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first, second, third] = process.argv.slice(2);
if (first === "--one") exploreOnce(Number(second), third as Limits["store"]);
else main(Number(first ?? 4), Number(second ?? 5));
