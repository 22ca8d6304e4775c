/** Processes come, share, change their image and go: spawn, clone (D23), exec (D24), exit (D25). */
import type { ProcessOperation } from "../../vocabulary/replication/operations.js";
import { CMDLINE_BYTES, COMM_BYTES } from "../../vocabulary/replication/proc.js";
import type { ProcessName } from "../../vocabulary/replication/statistics.js";
import { movePeak } from "./counters.js";
import { disable } from "./disable.js";
import { enable } from "./enable.js";
import { giveBack, takeFromZones } from "./frames.js";
import { nodesFrom } from "./geometry-math.js";
import { AUTO_STEERING, freshSpaceStatistics, IDLE, NO_NAME } from "./initial.js";
import type { Process, State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { wantedNode } from "./tables.js";
import { tables } from "./tree.js";
import { caller, changeCpu, isReplicated, lowestFreeSlot, pidsAlive, spaceAt } from "./who.js";

export function spawn(state: State, operation: Extract<ProcessOperation, { kind: "spawn" }>): Step {
  const { cpu, pid, comm, cmdline } = operation;
  const made = newSpace(state, cpu, false);
  if (made === undefined) return refused(state, "ENOMEM");
  return done(withProcess(made.state, pid, { tgid: pid, space: made.slot }, nameOf(comm, cmdline)));
}

/** An empty address space in the lowest free slot; its root table never comes from the cache (D4, W38). */
export function newSpace(
  state: State,
  cpu: number,
  cacheOnly: boolean,
): { readonly state: State; readonly slot: number } | undefined {
  const { geometry } = state;
  const { member } = takeFromZones(state, nodesFrom(geometry, wantedNode(state, cpu)));
  const slot = lowestFreeSlot(state);
  if (member === undefined || slot === undefined) return undefined;
  const space = {
    home: member.node,
    root: { level: geometry.levels, members: [member], entries: {} },
    ranges: [],
    nodes: [],
    steering: AUTO_STEERING,
    cacheOnly,
    policy: -1,
  };
  const { statistics } = state;
  const taken: State = {
    ...state,
    spaces: { ...state.spaces, [slot]: space },
    statistics: { ...statistics, spaces: { ...statistics.spaces, [slot]: freshSpaceStatistics(geometry) } },
  };
  return { state: movePeak(taken, slot, "peakPrimary", geometry.levels, member.node), slot };
}

/** The slot becomes free: all its tables go, cached pages return (D25); leaves go, and frames with the last of them. */
export function teardown(state: State, slot: number): State {
  const members = tables(state.geometry, spaceAt(state, slot)).flatMap(({ table }) => table.members);
  const given = members.reduce(giveBack, state);
  const { [slot]: _space, ...spaces } = given.spaces;
  const { [slot]: _counted, ...counted } = given.statistics.spaces;
  return { ...given, spaces, statistics: { ...given.statistics, spaces: counted } };
}

/** A process has left the space: the last one takes it along, with a record of its session (W27). */
function teardownIfUnused(state: State, slot: number): State {
  const used = pidsAlive(state).some((pid) => state.processes[pid]?.space === slot);
  return used ? state : teardown(disable(state, slot), slot);
}

export function withProcess(state: State, pid: number, process: Process, name: ProcessName): State {
  return named({ ...state, processes: { ...state.processes, [pid]: process } }, pid, name);
}

function named(state: State, pid: number, name: ProcessName): State {
  const { statistics } = state;
  return { ...state, statistics: { ...statistics, names: { ...statistics.names, [pid]: name } } };
}

/** Names as a process keeps them: a zero ends each, if not before then in the last place of its buffer. */
function nameOf(comm: string, cmdline: string): ProcessName {
  const [upToZero = ""] = comm.split("\0");
  const [lineUpToZero = ""] = cmdline.split("\0");
  return { comm: upToZero.slice(0, COMM_BYTES - 1), cmdline: lineUpToZero.slice(0, CMDLINE_BYTES - 1) };
}

export function clone(state: State, operation: Extract<ProcessOperation, { kind: "clone" }>): Step {
  const { cpu, pid, group } = operation;
  const { pid: parent, process } = caller(state, cpu);
  const tgid = group === "callers" ? process.tgid : pid;
  const name = state.statistics.names[parent] ?? NO_NAME;
  return done(withProcess(state, pid, { tgid, space: process.space }, name), pid);
}

export function exec(state: State, operation: Extract<ProcessOperation, { kind: "exec" }>): Step {
  const { cpu, comm, cmdline, fails } = operation;
  const { pid, process, slot, space } = caller(state, cpu);
  const made = newSpace(state, cpu, space.cacheOnly);
  if (made === undefined) return refused(state, "ENOMEM");
  if (fails) return refused(state, "EINVAL"); // the new root is freed again: it was in no cache
  const processes = { ...state.processes, [pid]: { ...process, space: made.slot } };
  const { home } = spaceAt(made.state, made.slot);
  const moved = changeCpu({ ...made.state, processes }, cpu, { root: home, tlb: {}, walks: {} });
  const left = teardownIfUnused(moved, slot);
  const renamed = named(left, pid, nameOf(comm, cmdline));
  return done(isReplicated(space) ? enable(renamed, made.slot, space.nodes, pid).state : renamed);
}

export function exit(state: State, { cpu }: Extract<ProcessOperation, { kind: "exit" }>): Step {
  const { pid, slot } = caller(state, cpu);
  const { [pid]: _process, ...processes } = state.processes;
  const { [pid]: _name, ...names } = state.statistics.names;
  const cpus = state.cpus.map((each) => (each.pid === pid ? IDLE : each));
  const gone = { ...state, processes, cpus, statistics: { ...state.statistics, names } };
  return done(teardownIfUnused(gone, slot));
}
