/** Switching replication off (D27): a record, all CPUs to the home copy, A and D merged into what survives. */
import type { ReplicationOperation } from "../../vocabulary/replication/operations.js";
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import { movePeak } from "./counters.js";
import { giveBack } from "./frames.js";
import { NO_SESSION } from "./initial.js";
import { forget } from "./shootdown.js";
import type { Member, State, Table } from "./state.js";
import { done, type Step } from "./step.js";
import { baseOf, changeEntries, namedMember, tables } from "./tree.js";
import { changeSpace, isReplicated, runs, spaceAt } from "./who.js";

export function disableCall(state: State, { pid }: Extract<ReplicationOperation, { kind: "disable" }>): Step {
  const process = pid === null ? undefined : state.processes[pid];
  return done(process === undefined ? state : disable(state, process.space));
}

/** The same state with this space not replicated; without effect if it is not. */
export function disable(state: State, slot: number): State {
  const space = spaceAt(state, slot);
  if (!isReplicated(space)) return state;
  const home = allHome(withRecord(state, slot), slot);
  const before = tables(state.geometry, space).map(({ table }) => table);
  const alone = changeSpace(home, slot, { nodes: [], root: survivors(space.root, space.home) });

  const freed = before.flatMap((table) => table.members.filter((member) => member !== survivorOf(table, space.home)));
  const given = freed.reduce(giveBack, alone);
  const newBases = before.filter((table) => survivorOf(table, space.home) !== baseOf(table));
  return newBases.reduce((now, { level }) => movePeak(now, slot, "peakPrimary", level, space.home), given);
}

/** The home member of a ring, the one member of a table without. */
function survivorOf(table: Table, home: number): Member {
  return namedMember(table, home, home);
}

/** The table and those below it with their survivors only, which have the A and D of all members (W2, I15). */
function survivors(table: Table, home: number): Table {
  const alone = changeEntries(table, (entry) => {
    const accessed = [entry.accessed.includes(true)];
    return entry.kind === "leaf"
      ? { ...entry, accessed, dirty: [entry.dirty.includes(true)] }
      : { ...entry, accessed, table: survivors(entry.table, home) };
  });
  return { ...alone, members: [survivorOf(table, home)] };
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
