/**
 * Who is held up when a real thread is stopped: thread 0 stops in the middle of a pop, thread 1 meanwhile pops and pushes, and
 * tells how far it came. In the cache thread 0 stops between the load of the head and its exchange; in the comparison it
 * stops inside the lock.
 */
import { AtomicPort, type MemoryPort } from "../../impl/memory-port.js";
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import { type CacheGeometry, cacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import { type StressContext, sharedWords, stress } from "../engine/stress.js";
import type { Plain } from "../engine/system.js";
import { LockedStack, lockedWords } from "./locked-stack.js";

export type Stack = "lockless" | "locked";

export interface StoppedOutcome {
  /** Pairs of pop and push that thread 1 has done while thread 0 stood still. */
  readonly pairsMeanwhile: number;
  /** What thread 0's pop gave when it went on: a frame number, or −1. */
  readonly poppedAfterwards: number;
}

const FRAMES = 4;
/** What thread 1 does, and how often it tries for the lock before it gives up. */
const PAIRS = 10_000;
const TRIES = 1_000_000;
/** The access before which thread 0 stops. */
const STOPS_AT: Readonly<Record<Stack, string>> = { lockless: "pop.swap", locked: "pop.next" };
const SIGNAL = { STOPPED: 0, GO_ON: 1 } as const;

const GEOMETRY: CacheGeometry = cacheGeometry({ nodes: 1, framesPerNode: FRAMES, pageWords: 0 });

/** Runs both threads once. */
export async function stopInside(stack: Stack): Promise<StoppedOutcome> {
  const words = sharedWords(stack === "locked" ? lockedWords(FRAMES).length : LocklessPageCache.wordsNeeded(GEOMETRY));
  if (stack === "locked") {
    words.set(lockedWords(FRAMES));
  } else {
    LocklessPageCache.initialise(words, GEOMETRY);
    LocklessPageCache.attach(words, GEOMETRY).populate(0, FRAMES);
  }
  const { answers } = await stress({ module: import.meta.url, words, threads: 2, data: stack });
  return { poppedAfterwards: Number(answers[0]), pairsMeanwhile: Number(answers[1]) };
}

export function stressed(context: StressContext): Plain {
  const stack: Stack = context.data === "locked" ? "locked" : "lockless";
  return context.thread === 0 ? popAndStop(context, stack) : workMeanwhile(context, stack);
}

/** Pop and push over a port, on either stack. */
function operationsOver(port: MemoryPort, stack: Stack): { pop(): number; push(frame: number): void } {
  if (stack === "locked") return new LockedStack(port);
  const cache = LocklessPageCache.attachOver(port, GEOMETRY);
  return { pop: () => cache.pop(0), push: (frame) => cache.push(frame) };
}

function popAndStop({ words, signals }: StressContext, stack: Stack): number {
  const plain = new AtomicPort(words);
  const stopping = watched(plain, (label) => {
    if (label !== STOPS_AT[stack] || Atomics.load(signals, SIGNAL.STOPPED) !== 0) return;
    Atomics.store(signals, SIGNAL.STOPPED, 1);
    Atomics.notify(signals, SIGNAL.STOPPED);
    Atomics.wait(signals, SIGNAL.GO_ON, 0);
  });
  return operationsOver(stopping, stack).pop();
}

function workMeanwhile({ words, signals }: StressContext, stack: Stack): number {
  let tries = 0;
  const heldUp = new Error("held up");
  const impatient = watched(new AtomicPort(words), (label) => {
    if (label !== "lock") return;
    tries++;
    if (tries > TRIES) throw heldUp;
  });
  const other = operationsOver(impatient, stack);
  Atomics.wait(signals, SIGNAL.STOPPED, 0);
  let pairs = 0;
  try {
    for (; pairs < PAIRS; pairs++) {
      tries = 0;
      other.push(other.pop());
    }
  } catch (error) {
    if (error !== heldUp) throw error;
  }
  Atomics.store(signals, SIGNAL.GO_ON, 1);
  Atomics.notify(signals, SIGNAL.GO_ON);
  return pairs;
}

/** The port, with a look at each access before it happens. */
function watched(port: MemoryPort, before: (label: string) => void): MemoryPort {
  const first = <Rest extends readonly unknown[], Result>(access: (label: string, ...rest: Rest) => Result) => {
    return (label: string, ...rest: Rest): Result => {
      before(label);
      return access.call(port, label, ...rest);
    };
  };
  return {
    load: first(port.load),
    store: first(port.store),
    exchange: first(port.exchange),
    compareExchange: first(port.compareExchange),
    add: first(port.add),
    and: first(port.and),
    or: first(port.or),
  };
}
