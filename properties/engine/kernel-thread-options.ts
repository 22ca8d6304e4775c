/** What a run of programs on threads can be asked for, and what is refused before any thread starts. */
import type { Channels, ExitMode } from "../../vocabulary/coherency/configuration.js";
import { KERNELS_MAX } from "../../vocabulary/coherency/protocol.js";
import type { ProfileName } from "../../vocabulary/coherency/rules.js";
import { RUNTIME_PAGES_MAX } from "../../vocabulary/coherency/runtime.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { CHANNELS, EXITS, oneOf, PROFILE_NAMES } from "../coherency/shape.js";

export interface ReadOnlyPages {
  readonly first: number;
  readonly end: number;
}

export interface ThreadOptions {
  /** URL of the compiled module. */
  readonly program: URL;
  /** 1 to 32. */
  readonly kernels: number;
  /** 1 to 65,536. */
  readonly pages: number;
  /** Plain data, handed to every kernel's program. */
  readonly input?: unknown;
  readonly profile?: ProfileName;
  readonly channels?: Channels;
  readonly exit?: ExitMode;
  /** 5.2: a fetch from Invalid first asks the remembered owner alone. Only with `lean`: under other rules it can deadlock. */
  readonly ownerHint?: boolean;
  /** 5.2: requests go to the known users of a page only. Only with `lean`: it needs the newest Copy (M1). */
  readonly multicast?: boolean;
  /** 5.2: pages that no kernel asks another one for. Below `pages`. */
  readonly readOnly?: ReadOnlyPages;
  /** Decides about delays and, where the channels permit it, order: 0 to 2^31 - 1. */
  readonly seed?: number;
  /** Most milliseconds that a message is held back; 0 = none is, and they are taken as they come. */
  readonly delay?: number;
  /** Milliseconds, 1 or more, after which a kernel that waits for the others and hears nothing gives up, and the run with it. */
  readonly patience?: number;
}

export const PATIENCE = 30_000;
const MILLISECONDS_MAX = 2 ** 31 - 1;
const SEED_MAX = 2 ** 31 - 1;

/** @throws PagetwinError `ARGUMENT` naming the option and what is allowed */
export function refuseThreadOptions(options: ThreadOptions): void {
  const { kernels, pages, profile = "normative", channels = "fifo", exit = "atomic" } = options;
  const { seed = 1, delay = 0, patience = PATIENCE } = options;
  inRange("kernels", kernels, 1, KERNELS_MAX);
  inRange("pages", pages, 1, RUNTIME_PAGES_MAX);
  oneOf("profile", profile, PROFILE_NAMES);
  oneOf("channels", channels, CHANNELS);
  oneOf("exit", exit, EXITS);
  inRange("seed", seed, 0, SEED_MAX);
  inRange("delay", delay, 0, MILLISECONDS_MAX);
  inRange("patience", patience, 1, MILLISECONDS_MAX);
  refuseOptimisations(options);
}

/** The options of 5.2. */
function refuseOptimisations({ profile = "normative", pages, readOnly, ...options }: ThreadOptions): void {
  const asked = (["ownerHint", "multicast"] as const).find((option) => options[option] === true);
  if (asked !== undefined && profile !== "lean")
    throw new PagetwinError("ARGUMENT", `${asked}: expected the profile lean, not ${profile}`);
  if (readOnly === undefined) return;
  const { first, end } = readOnly;
  const isRange = Number.isInteger(first) && Number.isInteger(end) && first >= 0 && first < end && end <= pages;
  if (!isRange)
    throw new PagetwinError("ARGUMENT", `readOnly is [${first}, ${end}): expected pages within [0, ${pages})`);
}

function inRange(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw new PagetwinError("ARGUMENT", `${name} is ${value}: expected an integer from ${low} to ${high}`);
}
