/**
 * The explorer on the production engine of the page coherency protocol against SPIN on its Promela twin, in one run.
 *
 *   npm run build && node dist/bench/explore-coherency.js [kernels] [fifo|unordered] [atomic|delayed] [normative|lean] [rounds]
 *
 * Every contender is a process of its own and pays for its start and its compiling to machine code. The explorer judges P1
 * to P8, the twin P5 to P7 and deadlock; what the explorer keeps for P9 is left out. Contenders run in turn.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Limits } from "../explore/index.js";
import { searchCoherency } from "../properties/coherency/search.js";
import { CHANNELS, EXITS, oneOf } from "../properties/coherency/shape.js";
import { configuration } from "../vocabulary/coherency/configuration.js";
import { PROFILES } from "../vocabulary/coherency/rules.js";
import { compareSearches, type SearchRun, spinRun, spinVerifier } from "./spin.js";

/** What is searched, as words of the command line. */
type Instance = readonly [kernels: string, channels: string, exit: string, profile: string];

const STORES: readonly Limits["store"][] = ["fingerprint", "full"];
const MICROSECONDS = 1e6;
/** The profiles that the Promela twin has too, by its definitions. */
const TWINS = { normative: { R7: 0, LEAN: 0 }, lean: { R7: 1, LEAN: 1 } } as const;

/** The child's part: one exploration, reported as JSON. */
function exploreOnce([kernels, channels, exit, profile]: Instance, store: Limits["store"]): void {
  const scope = configuration({
    kernels: Number(kernels),
    channels: oneOf("channels", channels, CHANNELS),
    exit: oneOf("exit", exit, EXITS),
    rules: PROFILES[twinOf(profile)],
  });
  const { verdict, exhausted, states, transitions, memory } = searchCoherency(scope, { limits: { store } });
  if (verdict !== "held" || !exhausted) throw new Error(`the protocol is ${verdict}`);
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / MICROSECONDS;
  const bytesPerState = (memory.set + memory.frontierPeak) / states;
  process.stdout.write(JSON.stringify({ states, transitions, cpuSeconds, bytesPerState } satisfies SearchRun));
}

function childRun(instance: Instance, store: Limits["store"]): SearchRun {
  const args = [fileURLToPath(import.meta.url), "--one", store, ...instance];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function twinOf(profile: string): keyof typeof TWINS {
  return oneOf("profile", profile, ["normative", "lean"]);
}

function main(instance: Instance, rounds: number): void {
  const [kernels, channels, exit, profile] = instance;
  const definitions = {
    N: Number(kernels),
    FIFO: channels === "fifo" ? 1 : 0,
    DELAYED: exit === "delayed" ? 1 : 0,
    ...TWINS[twinOf(profile)],
  };
  const folder = mkdtempSync(join(tmpdir(), "pagetwin-coherency-"));
  try {
    const contenders = new Map<string, () => SearchRun>(
      STORES.map((store) => [`explore ${store}`, () => childRun(instance, store)]),
    );
    const verifier = spinVerifier("popcorn.pml", definitions, folder);
    if ("path" in verifier) contenders.set("spin", () => spinRun(verifier.path, folder));
    else process.stdout.write(`no comparison with SPIN: ${verifier.absent}\n`);
    process.stdout.write(
      `page coherency, ${kernels} kernels, ${channels}, ${exit}, ${profile}; medians of ${rounds}\n`,
    );
    process.stdout.write(compareSearches(contenders, rounds));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const words = process.argv.slice(2);
const [kernels = "3", channels = "unordered", exit = "delayed", profile = "normative", rounds = "3"] =
  words[0] === "--one" ? words.slice(2) : words;
const instance: Instance = [kernels, channels, exit, profile];
if (words[0] === "--one") exploreOnce(instance, oneOf("store", words[1], STORES));
else main(instance, Number(rounds));
