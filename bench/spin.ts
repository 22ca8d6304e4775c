/** SPIN's verifier for a Promela peer: compiled by gcc beforehand, its counts and its CPU time (user and system) read back. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, medianRatio } from "./median.js";

/** One exhaustive search by some contender. */
export interface SearchRun {
  readonly states: number;
  readonly transitions: number;
  readonly cpuSeconds: number;
  readonly bytesPerState: number;
}

const BYTES_PER_MEBIBYTE = 2 ** 20;
const DEPTH_MAX = 2_000_000;

/**
 * Compiles the verifier into `folder`.
 * @param peer file in bench/peers
 * @returns its path, or why there is none
 */
export function spinVerifier(
  peer: string,
  definitions: Readonly<Record<string, number>>,
  folder: string,
): { readonly path: string } | { readonly absent: string } {
  const model = fileURLToPath(new URL(`../../bench/peers/${peer}`, import.meta.url));
  if (!existsSync(model)) return { absent: `${model} is not there` };
  const defined = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  const generate = spawnSync("spin", [...defined, "-a", model], { cwd: folder });
  if (generate.status !== 0) return { absent: "spin is not installed (Debian: apt-get install spin)" };
  const flags = ["-O3", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"];
  if (spawnSync("gcc", flags, { cwd: folder }).status !== 0) return { absent: "gcc could not compile SPIN's verifier" };
  return { path: join(folder, "pan") };
}

/** @throws Error when the verifier reports an error, or what it prints is not understood */
export function spinRun(verifier: string, folder: string): SearchRun {
  const script = `TIMEFORMAT='cpu %U %S'; time "$0" -m${DEPTH_MAX}`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script, verifier], { cwd: folder, encoding: "utf8" });
  const number = (text: string, pattern: RegExp): number => {
    const found = pattern.exec(text);
    if (found === null) throw new Error(`SPIN's verifier: no ${pattern} in ${text}${stderr}`);
    return Number(found[1]);
  };
  if (number(stdout, /errors: (\d+)/) !== 0) throw new Error("SPIN's verifier reports an error");
  const states = number(stdout, /(\d+) states, stored/);
  return {
    states,
    transitions: number(stdout, /(\d+) transitions/),
    cpuSeconds: number(stderr, /cpu ([\d.]+)/) + number(stderr, /cpu [\d.]+ ([\d.]+)/),
    bytesPerState: (number(stdout, /([\d.]+)\s+actual memory usage/) * BYTES_PER_MEBIBYTE) / states,
  };
}

/** Runs the contenders in turn, `rounds` times. @returns one line each; against `spin`, where that is one of them */
export function compareSearches(contenders: ReadonlyMap<string, () => SearchRun>, rounds: number): string {
  const runs = new Map<string, SearchRun[]>([...contenders.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, contender] of contenders) runs.get(name)!.push(contender());
  }
  const seconds = (name: string): number[] => runs.get(name)!.map((run) => run.cpuSeconds);
  const lines = [...runs].map(([name, [run]]) => {
    const { states, transitions, bytesPerState } = run!;
    const middle = median(seconds(name));
    const perSecond = Math.round(states / middle / 1000);
    const against = contenders.has("spin") ? `  ${medianRatio(seconds("spin"), seconds(name)).toFixed(2)} x SPIN` : "";
    return (
      `${name.padEnd(20)} ${states} states  ${transitions} transitions  ${middle.toFixed(2)} CPU s  ` +
      `${perSecond} k states/s  ${bytesPerState.toFixed(1)} B/state${against}\n`
    );
  });
  refuseUnequal(runs);
  return lines.join("");
}

/** SPIN counts the entry into its initial state as one transition more. */
function refuseUnequal(runs: ReadonlyMap<string, readonly SearchRun[]>): void {
  const counts = [...runs].map(([name, [run]]) => {
    const { states, transitions } = run!;
    return { name, text: `${states} states, ${name === "spin" ? transitions - 1 : transitions} transitions` };
  });
  const stray = counts.find(({ text }) => text !== counts[0]!.text);
  if (stray !== undefined)
    throw new Error(
      `${stray.name} found ${stray.text}, ${counts[0]!.name} ${counts[0]!.text}: expected the same space`,
    );
}
