/** /proc/mitosis/history: sessions that have ended, oldest first. */
import { HISTORY, HISTORY_MAX, LEVELS_DOWN, TITLES } from "../../../vocabulary/replication/proc.js";
import { type HistoryRecord, LEVEL_NAMES } from "../../../vocabulary/replication/statistics.js";
import type { State } from "../state.js";
import { cell, heading, rule, shownName, sum, text } from "./columns.js";

const KILOBYTES_PER_PAGE = 4;

export function historyText(state: State): string {
  const { history } = state.statistics;
  const entries = history.flatMap((record) => entry(record, state.geometry.onlineNodes));
  const footer = `Total historical entries: ${history.length} (max: ${HISTORY_MAX})`;
  const body = history.length === 0 ? [HISTORY.empty] : [...entries, footer];
  const [title = "", titleRule = ""] = heading(TITLES.history);
  return text([title, titleRule, HISTORY.remark, "", ...body]);
}

function entry(record: HistoryRecord, onlineNodes: readonly number[]): readonly string[] {
  const { nodes, peakPrimary, peakReplica } = record;
  const primary = sum(peakPrimary.map(sum));
  const replica = sum(peakReplica.map(sum));
  return [
    rule(HISTORY.rule),
    `History Entry #${record.sequence}`,
    `Process: ${shownName(record.comm)} (PID: ${record.pid}, TGID: ${record.tgid}) [HISTORICAL]`,
    `Cmdline: ${shownName(record.cmdline)}`,
    `Duration: ${record.duration} ms`,
    `Replication nodes: ${nodes.join(", ")} (${nodes.length} nodes)`,
    HISTORY.tlb,
    `  Shootdowns: ${record.shootdowns} events`,
    `  IPIs sent: ${record.interrupts}`,
    HISTORY.peaks,
    cells("LEVEL", [...onlineNodes.map((node) => `Node ${node}`), "TOTAL"]),
    ...LEVELS_DOWN.map((name) => levelRow(record, name, onlineNodes)),
    `Memory: ${pages(primary, "primary ")}, ${pages(replica, "replica ")}`,
    `Total: ${pages(primary + replica, "")}`,
    "",
  ];
}

function levelRow(record: HistoryRecord, name: (typeof LEVELS_DOWN)[number], onlineNodes: readonly number[]): string {
  const level = LEVEL_NAMES.indexOf(name);
  const primary = record.peakPrimary[level] ?? [];
  const replica = record.peakReplica[level] ?? [];
  const perNode = onlineNodes.map((node) => `${primary[node] ?? 0}/${replica[node] ?? 0}`);
  return cells(name, [...perNode, `${sum(primary)}/${sum(replica)}`]);
}

/** Joined without blanks. */
function cells(label: string, values: readonly string[]): string {
  return cell(label, -HISTORY.labelWidth) + values.map((value) => cell(value, HISTORY.cellWidth)).join("");
}

function pages(count: number, kind: string): string {
  return `${count} ${kind}pages (${count * KILOBYTES_PER_PAGE} KB)`;
}
