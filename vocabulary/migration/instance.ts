/** An instance of thread migration whose interleavings are explored: kernels, groups of threads, and a small program each. */
import type { Channels, ExitMode } from "../coherency/configuration.js";
import { EXPLORED_KERNELS_MAX, EXPLORED_KERNELS_MIN, KERNELS_MAX } from "../coherency/protocol.js";
import type { ProfileName } from "../coherency/rules.js";
import { PagetwinError } from "../errors.js";

/** What a thread does next. */
export type ProgramStep =
  /** Goes to a kernel. Where it is already, it stays. */
  | { readonly kind: "migrate"; readonly kernel: number }
  | { readonly kind: "read" | "write"; readonly page: number }
  /** Lets another thread of its group begin, where it is itself. */
  | { readonly kind: "spawn"; readonly thread: number }
  | { readonly kind: "exit" };

/** A thread that has come to the end of its steps without an exit stays where it is and does nothing more. */
export interface ThreadProgram {
  readonly group: number;
  readonly steps: readonly ProgramStep[];
}

export interface Instance {
  /** 2 to 32; 2 to 5 where there are pages, since then the kernels' coherency is explored as well. */
  readonly kernels: number;
  /** Pages of each group, 0 to 4. */
  readonly pages: number;
  /** Of the coherency protocol's messages. Contexts of threads may overtake each other and them. */
  readonly channels: Channels;
  /** The rules by which the protocol runs. */
  readonly profile: SoundProfile;
  /** How its wait states are left; not given = atomic. */
  readonly exit?: ExitMode;
  /** Options of the paper's 5.2, with `lean` only; not given = off. */
  readonly ownerHint?: true;
  readonly multicast?: true;
  /** Where each group begins; as many as there are groups, 1 to 4. */
  readonly homes: readonly number[];
  /** 1 to 16. Those that some thread spawns begin then, the others at once. */
  readonly threads: readonly ThreadProgram[];
}

/** Profiles of the protocol that keep its claims. */
export const SOUND_PROFILES = ["normative", "normative-r7", "lean"] as const satisfies readonly ProfileName[];
export type SoundProfile = (typeof SOUND_PROFILES)[number];

export const PAGES_MAX = 4;
export const GROUPS_MAX = 4;
export const THREADS_MAX = 16;
export const STEPS_MAX = 31;

/**
 * Checks an instance; `profile` may be left out and is `normative` then, and `exit` and the options of 5.2 too.
 * @throws PagetwinError `ARGUMENT` naming the first place that is wrong and what is expected there
 */
export function instance(fields: { readonly [field: string]: unknown }): Instance {
  const pages = integer("pages", fields.pages, 0, PAGES_MAX);
  const kernelsMax = pages > 0 ? EXPLORED_KERNELS_MAX : KERNELS_MAX;
  const kernels = integer("kernels", fields.kernels, EXPLORED_KERNELS_MIN, kernelsMax);
  const { channels } = fields;
  if (channels !== "fifo" && channels !== "unordered") throw wrong("channels", channels, "fifo or unordered");
  const profile = SOUND_PROFILES.find((name) => name === (fields.profile ?? "normative"));
  if (profile === undefined) throw wrong("profile", fields.profile, "normative, normative-r7 or lean");
  const homes = list("homes", fields.homes, 1, GROUPS_MAX).map((home, group) =>
    integer(`homes[${group}]`, home, 0, kernels - 1),
  );
  const threads = list("threads", fields.threads, 1, THREADS_MAX);
  const bounds = { kernels, pages, groups: homes.length, threads: threads.length };
  const made = {
    kernels,
    pages,
    channels,
    profile,
    ...optionsOf(fields, profile),
    homes,
    threads: threads.map((each, thread) => threadProgram(`threads[${thread}]`, each, bounds)),
  } as const;
  checkSpawns(made);
  return made;
}

/** What differs from the protocol as it is without options. */
function optionsOf(
  { exit = "atomic", ownerHint = false, multicast = false }: { readonly [field: string]: unknown },
  profile: SoundProfile,
): Pick<Instance, "exit" | "ownerHint" | "multicast"> {
  if (exit !== "atomic" && exit !== "delayed") throw wrong("exit", exit, "atomic or delayed");
  for (const [option, value] of Object.entries({ ownerHint, multicast })) {
    if (typeof value !== "boolean") throw wrong(option, value, "true or false");
    if (value && profile !== "lean") throw wrong("profile", profile, `lean with ${option}`);
  }
  return {
    ...(exit === "delayed" ? { exit } : {}),
    ...(ownerHint === true ? { ownerHint } : {}),
    ...(multicast === true ? { multicast } : {}),
  };
}

interface Bounds {
  readonly kernels: number;
  readonly pages: number;
  readonly groups: number;
  readonly threads: number;
}

function threadProgram(place: string, value: unknown, bounds: Bounds): ThreadProgram {
  const { group, steps } = record(place, value);
  return {
    group: integer(`${place}.group`, group, 0, bounds.groups - 1),
    steps: list(`${place}.steps`, steps, 0, STEPS_MAX).map((step, at) =>
      programStep(`${place}.steps[${at}]`, step, bounds),
    ),
  };
}

function programStep(place: string, value: unknown, bounds: Bounds): ProgramStep {
  const { kind, kernel, page, thread } = record(place, value);
  switch (kind) {
    case "migrate":
      return { kind, kernel: integer(`${place}.kernel`, kernel, 0, bounds.kernels - 1) };
    case "read":
    case "write":
      return { kind, page: integer(`${place}.page`, page, 0, bounds.pages - 1) };
    case "spawn":
      return { kind, thread: integer(`${place}.thread`, thread, 0, bounds.threads - 1) };
    case "exit":
      return { kind };
    default:
      throw wrong(`${place}.kind`, kind, "migrate, read, write, spawn or exit");
  }
}

/** A thread is spawned once, by a thread of its group, and every group has one that begins by itself. */
function checkSpawns({ homes, threads }: Instance): void {
  const spawned = new Set<number>();
  for (const [thread, { group, steps }] of threads.entries()) {
    for (const [at, step] of steps.entries()) {
      if (step.kind !== "spawn") continue;
      const place = `threads[${thread}].steps[${at}].thread`;
      if (threads[step.thread]!.group !== group) throw wrong(place, step.thread, `a thread of group ${group}`);
      if (spawned.has(step.thread)) throw wrong(place, step.thread, "a thread that is spawned nowhere else");
      spawned.add(step.thread);
    }
  }
  for (const group of homes.keys())
    if (!threads.some((each, thread) => each.group === group && !spawned.has(thread)))
      throw wrong("threads", threads.length, `one of group ${group} that is not spawned`);
}

function integer(place: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw wrong(place, value, high < low ? "no such step here" : `an integer from ${low} to ${high}`);
}

function list(place: string, value: unknown, low: number, high: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= low && value.length <= high) return value;
  throw wrong(place, value, `a list of ${low} to ${high}`);
}

function record(place: string, value: unknown): { readonly [field: string]: unknown } {
  if (typeof value === "object" && value !== null) return { ...value };
  throw wrong(place, value, "an object");
}

function wrong(place: string, value: unknown, expected: string): PagetwinError {
  return new PagetwinError("ARGUMENT", `${place} is ${JSON.stringify(value)}: expected ${expected}`);
}
