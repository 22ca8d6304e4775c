/**
 * A table of steps by the situations in which they are taken: three words of key, then what the step did.
 *
 *   records = [ KEY: 3 words | rest of the record ] …        slots = where a record begins + 1, 0 = free
 *
 * Open addressing over the slots; records stand in the order in which they were added and never move apart, so a record is
 * named by where it begins.
 */
const KEY_WORDS = 3;
/** Where the part of a record that is not its key begins. */
export const RECORD_REST = KEY_WORDS;
export const NOT_FOUND = -1;

/** Few: the table grows at once, and V8 never takes its arrays for constants, whose change would undo compiled code. */
const RECORDS_AT_FIRST = 2 ** 4;
const SLOTS_PER_RECORD = 2;
const MIX_1 = 0x9e3779b1;
const MIX_2 = 0x85ebca6b;
const MIX_3 = 0xc2b2ae35;
const FOLD = 15;

export class StepTable {
  records: Int32Array;
  private readonly recordWords: number;
  /** Where the last record ends. */
  private end = 0;
  private slots = new Int32Array(RECORDS_AT_FIRST * SLOTS_PER_RECORD);

  /** @param restWords words of a record behind its key */
  constructor(restWords: number) {
    this.recordWords = RECORD_REST + restWords;
    this.records = new Int32Array(RECORDS_AT_FIRST * this.recordWords);
  }

  /** Where the record of this key begins in `records`, or NOT_FOUND. */
  find(first: number, second: number, third: number): number {
    const { slots, records } = this;
    const mask = slots.length - 1;
    let slot = mix(first, second, third) & mask;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      const record = entry - 1;
      if (records[record] === first && records[record + 1] === second && records[record + 2] === third) return record;
      slot = (slot + 1) & mask;
    }
    return NOT_FOUND;
  }

  /** Adds a key that is not in the table. The rest of its record is zero. @returns where the record begins */
  add(first: number, second: number, third: number): number {
    if (this.end === this.records.length) this.enlarge();
    const record = this.end;
    this.end += this.recordWords;
    this.records[record] = first;
    this.records[record + 1] = second;
    this.records[record + 2] = third;
    this.enter(record);
    return record;
  }

  private enter(record: number): void {
    const { slots, records } = this;
    const mask = slots.length - 1;
    let slot = mix(records[record]!, records[record + 1]!, records[record + 2]!) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = record + 1;
  }

  private enlarge(): void {
    const larger = new Int32Array(2 * this.records.length);
    larger.set(this.records);
    this.records = larger;
    this.slots = new Int32Array(2 * this.slots.length);
    for (let record = 0; record < this.end; record += this.recordWords) this.enter(record);
  }
}

function mix(first: number, second: number, third: number): number {
  const mixed = Math.imul(first, MIX_1) ^ Math.imul(second, MIX_2) ^ Math.imul(third, MIX_3);
  return mixed ^ (mixed >>> FOLD);
}
