/** The file `active`: a row for each leader whose space is replicated, and for each leader that shares it (W27). */
import { ACTIVE_COLUMNS, ACTIVE_EMPTY, ACTIVE_RULE, TITLES } from "../../../vocabulary/replication/proc.js";
import { NONE } from "../codes.js";
import { countNodes } from "../enable.js";
import type { Kernel } from "../kernel.js";
import { readComm } from "../names.js";
import { SESSION } from "../statistics-layout.js";
import { columns, dashes, printable, rule } from "./lines.js";

const WIDTHS = ACTIVE_COLUMNS.map(([, width]) => width);

export function activeText(kernel: Kernel): string[] {
  const heads = ACTIVE_COLUMNS.map(([head]) => head);
  const rows: string[] = [];
  for (let pid = 1; pid <= kernel.layout.geometry.processes; pid++) {
    const slot = kernel.spaces.slotOf(pid);
    if (slot === NONE || kernel.spaces.group(pid) !== pid || !kernel.spaces.isReplicated(slot)) continue;
    rows.push(row(kernel, pid, slot));
  }
  const ending = rows.length === 0 ? [ACTIVE_EMPTY] : [...rows, "", `Total: ${rows.length} active process(es)`];
  return [TITLES.active, rule(TITLES.active.length), "", columns(heads, WIDTHS), dashes(ACTIVE_RULE), ...ending];
}

function row(kernel: Kernel, pid: number, slot: number): string {
  const { counters, memory, spaces } = kernel;
  const comm = printable(readComm(memory, counters.at.name(pid)));
  const duration = counters.read(counters.at.clock) - counters.read(counters.at.session(slot) + SESSION.START);
  return columns([pid, spaces.group(pid), comm, duration, countNodes(spaces.set(slot))], WIDTHS);
}
