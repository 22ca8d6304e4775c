/** Switching replication off (D27): a record, all CPUs to the home copy, A and D merged into what survives. */
import type { ReplicationOperation } from "../../vocabulary/replication/operations.js";
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import { movePeak } from "./counters.js";
import { giveBack } from "./frames.js";
import { NO_SESSION } from "./initial.js";
import { forget } from "./shootdown.js";
import type { Member, State, Table } from "./state.js";
import { done, type Step } from "./step.js";
import { baseOf, changeEntries, namedMember } from "./tree.js";
import { changeSpace, isReplicated, runs, spaceAt } from "./who.js";

export function disableCall(state: State, { pid }: Extract<ReplicationOperation, { kind: "disable" }>): Step {
  const process = pid === null ? undefined : state.processes[pid];
  return done(process === undefined ? state : disable(state, process.space));
}

/** A table and the one of its members that stays. */
interface Kept {
  readonly table: Table;
  readonly survivor: Member;
}

/** The same state with this space not replicated; without effect if it is not. */
export function disable(state: State, slot: number): State {
  const space = spaceAt(state, slot);
  if (!isReplicated(space)) return state;
  const { root, home } = space;
  const moved = allHome(withRecord(state, slot), slot);
  const kept = homeTree(root, home, home);
  const alone = changeSpace(moved, slot, { nodes: [], root: alonePart(root, home, home) });

  const freed = kept.flatMap(({ table, survivor }) => table.members.filter((member) => member !== survivor));
  const given = freed.reduce(giveBack, alone);
  const newBases = kept.filter(({ table, survivor }) => survivor !== baseOf(table));
  return newBases.reduce(
    (now, { table, survivor }) => movePeak(now, slot, "peakPrimary", table.level, survivor.node),
    given,
  );
}

/**
 * What the kernel's own walk meets from this table on, which it has come to from a member on `node`: those members stay
 * (2.5). They lie at home, but for a table without a ring and what is below it (W7, W25).
 */
function homeTree(table: Table, node: number, home: number): readonly Kept[] {
  const survivor = namedMember(table, node, home);
  const below = Object.values(table.entries).flatMap((entry) =>
    entry.kind === "table" ? homeTree(entry.table, survivor.node, home) : [],
  );
  return [{ table, survivor }, ...below];
}

/** The same tables with their survivors only, which have the A and D of all members (W2, I15). */
function alonePart(table: Table, node: number, home: number): Table {
  const survivor = namedMember(table, node, home);
  const alone = changeEntries(table, (entry) => {
    const accessed = [entry.accessed.includes(true)];
    return entry.kind === "leaf"
      ? { ...entry, accessed, dirty: [entry.dirty.includes(true)] }
      : { ...entry, accessed, table: alonePart(entry.table, survivor.node, home) };
  });
  return { ...alone, members: [survivor] };
}

/** Every CPU that runs the space is on the home copy and remembers nothing of the others (I21, I25); not counted. */
function allHome(state: State, slot: number): State {
  const { home } = spaceAt(state, slot);
  const cpus = state.cpus.map((cpu) => (runs(state, cpu, slot) ? { ...cpu, root: home } : cpu));
  return forget({ ...state, cpus }, slot);
}

/** The session's record; the 65th drops the oldest (I30, W41). */
function withRecord(state: State, slot: number): State {
  const { statistics } = state;
  const ours = statistics.spaces[slot];
  if (ours === undefined) return state;
  const { session, shootdowns, interrupts, peakPrimary, peakReplica } = ours;
  const { start, ...owner } = session;
  const record = {
    ...owner,
    sequence: statistics.nextSequence,
    duration: statistics.clock - start,
    nodes: spaceAt(state, slot).nodes,
    shootdowns,
    interrupts,
    peakPrimary,
    peakReplica,
  };
  return {
    ...state,
    statistics: {
      ...statistics,
      nextSequence: statistics.nextSequence + 1,
      history: [...statistics.history, record].slice(-HISTORY_MAX),
      spaces: { ...statistics.spaces, [slot]: { ...ours, session: NO_SESSION } },
    },
  };
}
