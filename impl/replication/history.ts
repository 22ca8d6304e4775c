/** Completed sessions (section 5): a ring of records, the oldest dropped when it is full. */
import type { Kernel } from "./kernel.js";
import { SESSION } from "./statistics-layout.js";

/** Writes the record of the session that is about to end. */
export function writeRecord(kernel: Kernel, slot: number): void {
  const { counters, memory, spaces } = kernel;
  const { at } = counters;
  const session = at.session(slot);
  if (!kernel.rules.zeroIsATime && counters.read(session + SESSION.START) === 0) return;
  counters.add(at.records, 1);
  const record = at.recordAt(nextPosition(kernel));
  counters.write(record + at.record.sequence, counters.read(at.records));
  counters.write(record + at.record.duration, counters.read(at.clock) - counters.read(session + SESSION.START));
  memory.store("history.set", record + at.record.set, spaces.set(slot));
  copy(kernel, at.space(slot), record + at.record.totals, at.totalWords);
  copy(kernel, session + SESSION.PID, record + at.record.session, SESSION.WORDS - SESSION.PID);
}

/** Forgets all records; sequence numbers go on. */
export function clearHistory(kernel: Kernel): void {
  const { at } = kernel.counters;
  kernel.counters.zero(at.historyFirst, at.recordAt(at.historyMax));
  if (!kernel.rules.sequenceGoesOn) kernel.counters.write(at.records, 0);
}

/** Position of the record with the given age, 0 = the oldest. */
export function recordPosition(kernel: Kernel, age: number): number {
  const { at } = kernel.counters;
  return at.recordAt((kernel.memory.load("history.first", at.historyFirst) + age) % at.historyMax);
}

export function recordCount(kernel: Kernel): number {
  return kernel.memory.load("history.count", kernel.counters.at.historyCount);
}

function nextPosition(kernel: Kernel): number {
  const { memory, counters } = kernel;
  const { at } = counters;
  const first = memory.load("history.first", at.historyFirst);
  const count = memory.load("history.count", at.historyCount);
  if (count < at.historyMax) {
    memory.store("history.setCount", at.historyCount, count + 1);
    return (first + count) % at.historyMax;
  }
  if (kernel.rules.oldestRecordGoes) memory.store("history.setFirst", at.historyFirst, (first + 1) % at.historyMax);
  return first;
}

function copy(kernel: Kernel, from: number, to: number, words: number): void {
  for (let i = 0; i < words; i++)
    kernel.memory.store("history.write", to + i, kernel.memory.load("history.read", from + i));
}
