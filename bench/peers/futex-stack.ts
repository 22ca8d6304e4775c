/**
 * The page cache behind a lock made of `Atomics.wait`: the lock of three states (Drepper, "Futexes are tricky"), plain accesses
 * inside it.
 *
 *   node's words = [ LOCK | TOP | COUNT | HITS | MISSES | RETURNS | … line ]      LOCK: 0 free, 1 taken, 2 somebody waits
 *   behind all nodes, per frame [ LINK | STATE ]                                  frames as number + 1, 0 = none
 */
const LINE = 16;
const WORD = { LOCK: 0, TOP: 1, COUNT: 2, HITS: 3, MISSES: 4, RETURNS: 5 } as const;

export class FutexStack {
  private readonly words: Int32Array;
  private readonly pages: number;

  static wordsNeeded(nodes: number, frames: number): number {
    return nodes * LINE + frames * 2;
  }

  constructor(words: Int32Array, nodes: number) {
    this.words = words;
    this.pages = nodes * LINE;
  }

  push(frame: number, node: number): void {
    const { words } = this;
    const at = node * LINE;
    this.lock(at);
    words[this.pages + 2 * frame + 1] = 1;
    words[this.pages + 2 * frame] = words[at + WORD.TOP]!;
    words[at + WORD.TOP] = frame + 1;
    words[at + WORD.COUNT]!++;
    words[at + WORD.RETURNS]!++;
    this.unlock(at);
  }

  pop(node: number): number {
    const { words } = this;
    const at = node * LINE;
    this.lock(at);
    const frame = words[at + WORD.TOP]! - 1;
    if (frame < 0) {
      words[at + WORD.MISSES]!++;
    } else {
      words[at + WORD.TOP] = words[this.pages + 2 * frame]!;
      words[at + WORD.COUNT]!--;
      words[at + WORD.HITS]!++;
      words[this.pages + 2 * frame] = 0;
      words[this.pages + 2 * frame + 1] = 2;
    }
    this.unlock(at);
    return frame;
  }

  private lock(at: number): void {
    const { words } = this;
    let found = Atomics.compareExchange(words, at, 0, 1);
    while (found !== 0) {
      if (found === 2 || Atomics.compareExchange(words, at, 1, 2) !== 0) Atomics.wait(words, at, 2);
      found = Atomics.compareExchange(words, at, 0, 2);
    }
  }

  private unlock(at: number): void {
    if (Atomics.sub(this.words, at, 1) === 1) return;
    Atomics.store(this.words, at, 0);
    Atomics.notify(this.words, at, 1);
  }
}
