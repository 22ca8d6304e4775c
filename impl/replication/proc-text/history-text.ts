/** The file `history`: completed sessions, the oldest first. */
import { HISTORY, HISTORY_MAX, LEVELS_DOWN, TITLES } from "../../../vocabulary/replication/proc.js";
import { LEVEL_NAMES } from "../../../vocabulary/replication/statistics.js";
import { recordCount, recordPosition } from "../history.js";
import type { Kernel } from "../kernel.js";
import { readCmdline, readComm } from "../names.js";
import { SESSION } from "../statistics-layout.js";
import { padded, printable, rule } from "./lines.js";

const PAGE_KB = 4;

export function historyText(kernel: Kernel): string[] {
  const count = recordCount(kernel);
  const lines = [TITLES.history, rule(TITLES.history.length), HISTORY.remark, ""];
  for (let age = 0; age < count; age++) lines.push(...recordText(kernel, recordPosition(kernel, age)));
  if (count === 0) lines.push(HISTORY.empty);
  else lines.push(`Total historical entries: ${count} (max: ${HISTORY_MAX})`);
  return lines;
}

function recordText(kernel: Kernel, record: number): string[] {
  const { counters, memory, layout } = kernel;
  const { at } = counters;
  const owner = record + at.record.session;
  const text = owner + SESSION.TEXT - SESSION.PID;
  const totals = record + at.record.totals;
  const pid = memory.load("history.read", owner);
  const tgid = memory.load("history.read", owner + SESSION.TGID - SESSION.PID);
  const set = memory.load("history.read", record + at.record.set);
  const nodes = Array.from({ length: layout.nodes }, (_, node) => node).filter((node) => (set & (1 << node)) !== 0);
  return [
    rule(HISTORY.rule),
    `History Entry #${counters.read(record + at.record.sequence)}`,
    `Process: ${printable(readComm(memory, text))} (PID: ${pid}, TGID: ${tgid}) [HISTORICAL]`,
    `Cmdline: ${printable(readCmdline(memory, text))}`,
    `Duration: ${counters.read(record + at.record.duration)} ms`,
    `Replication nodes: ${nodes.join(", ")} (${nodes.length} nodes)`,
    HISTORY.tlb,
    `  Shootdowns: ${counters.read(at.shootdowns(totals))} events`,
    `  IPIs sent: ${counters.read(at.interrupts(totals))}`,
    ...peaksText(kernel, totals),
    "",
  ];
}

/** The table of peaks, and what they add up to: sums of independent peaks, not a footprint at one time. */
function peaksText(kernel: Kernel, totals: number): string[] {
  const online = kernel.layout.geometry.onlineNodes;
  const lines = [HISTORY.peaks, tableRow("LEVEL", [...online.map((node) => `Node ${node}`), "TOTAL"])];
  let allPrimary = 0;
  let allReplica = 0;
  for (const name of LEVELS_DOWN) {
    const cells: string[] = [];
    let primary = 0;
    let replica = 0;
    for (const node of online) {
      const bases = peak(kernel, kernel.counters.at.peakBase(totals, LEVEL_NAMES.indexOf(name), node));
      const copies = peak(kernel, kernel.counters.at.peakCopy(totals, LEVEL_NAMES.indexOf(name), node));
      cells.push(`${bases}/${copies}`);
      primary += bases;
      replica += copies;
    }
    lines.push(tableRow(name, [...cells, `${primary}/${replica}`]));
    allPrimary += primary;
    allReplica += replica;
  }
  return [
    ...lines,
    `Memory: ${allPrimary} primary pages (${allPrimary * PAGE_KB} KB), ${allReplica} replica pages (${allReplica * PAGE_KB} KB)`,
    `Total: ${allPrimary + allReplica} pages (${(allPrimary + allReplica) * PAGE_KB} KB)`,
  ];
}

function peak(kernel: Kernel, word: number): number {
  return kernel.memory.load("history.read", word);
}

function tableRow(label: string, cells: readonly string[]): string {
  return padded(label, -HISTORY.labelWidth) + cells.map((cell) => padded(cell, HISTORY.cellWidth)).join("");
}
