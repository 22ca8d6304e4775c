/**
 * What an operation changed: which parts of a twin's words differ from the words that it had before.
 *
 * Exact, as every word is compared: by the chunk, as bytes, which costs a tenth of what a loop over words costs; short
 * chunks word by word, as a call of the comparison costs what forty words do.
 */
import { Buffer } from "node:buffer";
import type { Part } from "./system.js";

/** Words that are compared and copied at a time. */
const CHUNK_WORDS = 4096;
/** Chunks of no more words than these are compared word by word. */
const SHORT_WORDS = 64;
/** A set of parts is a number. */
const PARTS_MAX = 31;

/** Every part. */
export const ALL_PARTS = 2 ** PARTS_MAX - 1;

interface Chunk {
  /** The bit of the part that it belongs to. */
  readonly part: number;
  readonly first: number;
  readonly end: number;
  readonly words: Int32Array;
  readonly past: Int32Array;
  readonly bytes: Buffer;
  readonly pastBytes: Buffer;
}

/** Bits of parts by name. */
export class PartBits {
  private readonly bits = new Map<string, number>();

  constructor(parts: readonly Part[]) {
    for (const { name } of parts) if (!this.bits.has(name)) this.bits.set(name, 1 << this.bits.size);
    if (this.bits.size > PARTS_MAX) throw new Error(`${this.bits.size} parts: expected ${PARTS_MAX} at most`);
  }

  of(name: string): number {
    const bit = this.bits.get(name);
    if (bit === undefined)
      throw new Error(`there is no part ${name}: the parts are ${[...this.bits.keys()].join(", ")}`);
    return bit;
  }

  /** All parts where nothing is said. */
  all(names: readonly string[] | undefined): number {
    return names?.reduce((set, name) => set | this.of(name), 0) ?? ALL_PARTS;
  }
}

export class Watch {
  private readonly words: Int32Array;
  private readonly past: Int32Array;
  private readonly chunks: readonly Chunk[];
  /** Chunks that differed when last looked at. */
  private readonly changed: Chunk[] = [];

  /** @param parts without gaps, ascending, from the first word to the last */
  constructor(words: Int32Array, past: Int32Array, parts: readonly Part[], bits: PartBits) {
    this.words = words;
    this.past = past;
    const end = parts.reduce((next, { name, first, end: behind }) => {
      if (first !== next || behind < first) throw new Error(`part ${name} begins at word ${first}: expected ${next}`);
      return behind;
    }, 0);
    if (end !== words.length) throw new Error(`the parts end at word ${end}: expected ${words.length}`);
    this.chunks = parts.flatMap(({ name, first, end: behind }) => chunksOf(words, past, first, behind, bits.of(name)));
  }

  /** Makes the past what the words are now. */
  begin(): void {
    this.past.set(this.words);
  }

  /** The parts in which the words differ from the past, 0 for none. */
  look(): number {
    const { changed } = this;
    changed.length = 0;
    let parts = 0;
    for (const chunk of this.chunks) {
      if (this.isUnchanged(chunk)) continue;
      parts |= chunk.part;
      changed.push(chunk);
    }
    return parts;
  }

  private isUnchanged({ first, end, bytes, pastBytes }: Chunk): boolean {
    if (end - first > SHORT_WORDS) return bytes.equals(pastBytes);
    const { words, past } = this;
    for (let word = first; word < end; word++) if (words[word] !== past[word]) return false;
    return true;
  }

  /** {@link begin}, when nothing but what {@link look} found has changed. */
  follow(): void {
    for (const { past, words } of this.changed) past.set(words);
    this.changed.length = 0;
  }
}

function chunksOf(words: Int32Array, past: Int32Array, first: number, end: number, part: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = first; from < end; from += CHUNK_WORDS) {
    const to = Math.min(from + CHUNK_WORDS, end);
    const [now, before] = [words.subarray(from, to), past.subarray(from, to)];
    chunks.push({
      part,
      first: from,
      end: to,
      words: now,
      past: before,
      bytes: bytesOf(now),
      pastBytes: bytesOf(before),
    });
  }
  return chunks;
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
