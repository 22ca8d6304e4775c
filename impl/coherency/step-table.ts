/**
 * A table of steps by the situations in which they are taken: three words of key, then what the step did.
 *
 *   records = [ KEY: 3 words | rest of the record ] …        slots = number of a record + 1, 0 = free
 *
 * Open addressing over the slots; records stand in the order in which they were added and never move apart, so a record is
 * named by where it begins.
 */
export const RECORD_WORDS = 8;
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
  records = new Int32Array(RECORDS_AT_FIRST * RECORD_WORDS);
  /** How many steps are in the table. */
  count = 0;
  private slots = new Int32Array(RECORDS_AT_FIRST * SLOTS_PER_RECORD);

  /** Where the record of this key begins in `records`, or NOT_FOUND. */
  find(first: number, second: number, third: number): number {
    const { slots, records } = this;
    const mask = slots.length - 1;
    let slot = mix(first, second, third) & mask;
    for (let number = slots[slot]!; number !== 0; number = slots[slot]!) {
      const record = (number - 1) * RECORD_WORDS;
      if (records[record] === first && records[record + 1] === second && records[record + 2] === third) return record;
      slot = (slot + 1) & mask;
    }
    return NOT_FOUND;
  }

  /** Adds a key that is not in the table. The rest of its record is zero. @returns where the record begins */
  add(first: number, second: number, third: number): number {
    if ((this.count + 1) * RECORD_WORDS > this.records.length) this.enlarge();
    const record = this.count++ * RECORD_WORDS;
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
    slots[slot] = record / RECORD_WORDS + 1;
  }

  private enlarge(): void {
    const larger = new Int32Array(2 * this.records.length);
    larger.set(this.records);
    this.records = larger;
    this.slots = new Int32Array(2 * this.slots.length);
    for (let number = 0; number < this.count; number++) this.enter(number * RECORD_WORDS);
  }
}

function mix(first: number, second: number, third: number): number {
  const mixed = Math.imul(first, MIX_1) ^ Math.imul(second, MIX_2) ^ Math.imul(third, MIX_3);
  return mixed ^ (mixed >>> FOLD);
}
