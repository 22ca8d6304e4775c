/**
 * A growing list of rows of `width` words each, in chunks, so that growth never copies and wastes at most one chunk.
 *
 *   row r = chunk[r >> shift], words (r & mask) * width …
 *
 * Used as a queue it gives chunks back from the front (`release`).
 */
const CHUNK_WORDS_LOG2 = 14;
const RELEASED = new Int32Array(0);

export class Rows {
  readonly width: number;
  /** Rows that were ever appended; also the number of the next one. */
  count = 0;
  private readonly shift: number;
  private readonly mask: number;
  private readonly chunks: Int32Array[] = [];
  private releasedChunks = 0;
  private spare: Int32Array = RELEASED;
  private chunksPeak = 0;

  constructor(width: number) {
    this.width = width;
    // The largest power of two of rows that fits the chunk, at least one row.
    this.shift = Math.max(0, CHUNK_WORDS_LOG2 - Math.ceil(Math.log2(width)));
    this.mask = 2 ** this.shift - 1;
  }

  /** The chunk that holds `row`; its words begin at {@link start}. */
  chunk(row: number): Int32Array {
    return this.chunks[row >>> this.shift]!;
  }

  start(row: number): number {
    return (row & this.mask) * this.width;
  }

  /** The word of a row that is one word wide. */
  value(row: number): number {
    return this.chunks[row >>> this.shift]![row & this.mask]!;
  }

  setValue(row: number, value: number): void {
    this.chunks[row >>> this.shift]![row & this.mask] = value;
  }

  /** Appends a row one word wide. */
  push(value: number): void {
    const row = this.extend();
    this.chunks[row >>> this.shift]![row & this.mask] = value;
  }

  /** Appends a row two words wide. */
  pushPair(first: number, second: number): void {
    const row = this.extend();
    const chunk = this.chunks[row >>> this.shift]!;
    const start = (row & this.mask) * 2;
    chunk[start] = first;
    chunk[start + 1] = second;
  }

  /** Appends the first `width` words of `words`. */
  append(words: Int32Array): void {
    const row = this.extend();
    const chunk = this.chunks[row >>> this.shift]!;
    const start = (row & this.mask) * this.width;
    for (let i = 0; i < this.width; i++) chunk[start + i] = words[i]!;
  }

  /** Copies `row` into the first `width` words of `into`. */
  copy(row: number, into: Int32Array): void {
    const chunk = this.chunk(row);
    const start = this.start(row);
    for (let i = 0; i < this.width; i++) into[i] = chunk[start + i]!;
  }

  /** Whether `row` equals the first `width` words of `words`. */
  equals(row: number, words: Int32Array): boolean {
    const chunk = this.chunk(row);
    const start = this.start(row);
    for (let i = 0; i < this.width; i++) if (chunk[start + i] !== words[i]) return false;
    return true;
  }

  /** Gives back the memory of rows below `row`, as far as whole chunks of it exist. They must not be read again. */
  release(row: number): void {
    const end = row >>> this.shift;
    for (; this.releasedChunks < end; this.releasedChunks++) {
      this.spare = this.chunks[this.releasedChunks]!;
      this.chunks[this.releasedChunks] = RELEASED;
    }
  }

  /** Bytes held now. */
  get bytes(): number {
    return (this.chunks.length - this.releasedChunks) * this.chunkBytes;
  }

  /** Most bytes ever held. */
  get bytesPeak(): number {
    return this.chunksPeak * this.chunkBytes;
  }

  private get chunkBytes(): number {
    return (this.mask + 1) * this.width * Int32Array.BYTES_PER_ELEMENT;
  }

  private extend(): number {
    const row = this.count++;
    if (row >>> this.shift === this.chunks.length) {
      this.chunks.push(this.spare.length > 0 ? this.spare : new Int32Array((this.mask + 1) * this.width));
      this.spare = RELEASED;
      this.chunksPeak = Math.max(this.chunksPeak, this.chunks.length - this.releasedChunks);
    }
    return row;
  }
}
