/**
 * The checker's port with three additions: what is only counted is kept from it, a word that a lock guards is told apart by
 * whether its lock is held, and a ghost tells which thread is at work on an area's offsets.
 *
 * An access to a guarded word rides along with the turn before it while the thread holds the lock: nobody else may touch the
 * word meanwhile. Without the lock the access gets another label and is a turn of its own, so a rule about a lock may be
 * dropped and the search is still complete.
 */
import type { Port } from "../../../explore/interleave/port.js";
import type { MemoryPort } from "../../../impl/memory-port.js";

/** The locks of impl/contiguity/locks.ts, and the accesses to what each of them guards. */
const GUARDS = [
  { lock: "zone.lock", unlock: "zone.unlock", guarded: /^zone\./ },
  { lock: "area.lock", unlock: "area.unlock", guarded: /^area\.(used|start|offset|next|set\w+)$/ },
  { lock: "tables.lock", unlock: "tables.unlock", guarded: /^(entry|find|pool|tlb|walkCache|cpu)\./ },
] as const;
/** Written by nobody while threads are at work, or by one of them alone. */
const CONSTANT = /^(process|cache|held|ghost)\.|^area\.(first|end)$/;
/** An entry's low word is also read by who waits for its mark to go, without the lock. */
const SEEN_BY_WAITERS = "entry.setLow";
const UNGUARDED = "unguarded ";

/** Whether another thread may come in before this access. */
export function isTurn(label: string): boolean {
  if (label.startsWith(UNGUARDED) || label === SEEN_BY_WAITERS) return true;
  if (GUARDS.some(({ lock, unlock }) => label === lock || label === unlock)) return true;
  return !CONSTANT.test(label) && !GUARDS.some(({ guarded }) => guarded.test(label));
}

/** Where the ghosts of {@link GuardedPort} are: word `first` + area holds 0, 1 + the thread that is at work, or BOTH. */
export interface Ghosts {
  readonly first: number;
  readonly areaOf: (word: number) => number;
}
export const BOTH = -1;

export class GuardedPort implements MemoryPort {
  private readonly port: Port;
  private readonly end: number;
  private readonly ghosts: Ghosts;
  private readonly thread: number;
  /** By number of the guard, whether the thread holds its lock. */
  private readonly holds = GUARDS.map(() => false);
  private readonly labels = new Map<string, { readonly guard: number; readonly unguarded: string }>();

  /** @param end words from there on are only counted */
  constructor(port: Port, end: number, ghosts: Ghosts, thread: number) {
    this.port = port;
    this.end = end;
    this.ghosts = ghosts;
    this.thread = thread;
  }

  /** An operation begins, which is always run from its start. */
  begin(): void {
    this.holds.fill(false);
  }

  load(label: string, index: number): number {
    return index >= this.end ? 0 : this.port.load(this.labelled(label), index);
  }

  store(label: string, index: number, value: number): void {
    if (index >= this.end) return;
    this.port.store(this.labelled(label), index, value);
    const unlocked = GUARDS.findIndex(({ unlock }) => unlock === label);
    if (unlocked >= 0) this.holds[unlocked] = false;
    if (label === "area.setOffset") this.note(this.ghosts.areaOf(index), true);
  }

  exchange(label: string, index: number, value: number): number {
    return index >= this.end ? 0 : this.port.exchange(this.labelled(label), index, value);
  }

  compareExchange(label: string, index: number, expected: number, value: number): number {
    const found = this.port.compareExchange(this.labelled(label), index, expected, value);
    const locked = GUARDS.findIndex(({ lock }) => lock === label);
    if (locked >= 0 && found === expected) this.holds[locked] = true;
    return found;
  }

  add(label: string, index: number, value: number): number {
    if (index >= this.end) return 0;
    const found = this.port.add(this.labelled(label), index, value);
    if (label === "area.endPlacing") this.note(this.ghosts.areaOf(index), false);
    return found;
  }

  and(label: string, index: number, value: number): number {
    return this.port.and(this.labelled(label), index, value);
  }

  or(label: string, index: number, value: number): number {
    return this.port.or(this.labelled(label), index, value);
  }

  /** The thread has changed the area's offsets, or is through with the area. */
  private note(area: number, isAtWork: boolean): void {
    const word = this.ghosts.first + area;
    const own = this.thread + 1;
    const before = this.port.load("ghost.look", word);
    if (before === BOTH) return;
    if (isAtWork) this.port.store("ghost.note", word, before === 0 || before === own ? own : BOTH);
    else if (before === own) this.port.store("ghost.note", word, 0);
  }

  private labelled(label: string): string {
    let known = this.labels.get(label);
    if (known === undefined) {
      const isLock = GUARDS.some(({ lock, unlock }) => label === lock || label === unlock);
      const guard = isLock ? -1 : GUARDS.findIndex(({ guarded }) => guarded.test(label));
      known = { guard, unguarded: `${UNGUARDED}${label}` };
      this.labels.set(label, known);
    }
    return known.guard < 0 || this.holds[known.guard] === true ? label : known.unguarded;
  }
}
