/** /proc/mitosis/active: a row for each leader of a thread group whose address space is replicated. */
import { ACTIVE_COLUMNS, ACTIVE_EMPTY, ACTIVE_RULE, TITLES } from "../../../vocabulary/replication/proc.js";
import type { State } from "../state.js";
import { isReplicated, pidsAlive, spaceAt } from "../who.js";
import { dashes, heading, heads, row, shownName, text } from "./columns.js";

export function activeText(state: State): string {
  const rows = pidsAlive(state).flatMap((pid) => leaderRow(state, pid));
  const body = rows.length === 0 ? [ACTIVE_EMPTY] : [...rows, "", `Total: ${rows.length} active process(es)`];
  return text([...heading(TITLES.active), heads(ACTIVE_COLUMNS), dashes(ACTIVE_RULE), ...body]);
}

function leaderRow(state: State, pid: number): readonly string[] {
  const process = state.processes[pid];
  if (process === undefined || process.tgid !== pid) return [];
  const space = spaceAt(state, process.space);
  if (!isReplicated(space)) return [];
  const { clock, names, spaces } = state.statistics;
  const comm = shownName(names[pid]?.comm ?? "");
  const duration = clock - (spaces[process.space]?.session.start ?? 0);
  return [row(ACTIVE_COLUMNS, [pid, process.tgid, comm, duration, space.nodes.length])];
}
