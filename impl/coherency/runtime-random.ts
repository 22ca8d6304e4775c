/** Small random numbers by a seed: xorshift32. The same seed gives the same numbers on every machine. */
export class SeededNumbers {
  private state: number;

  /** @param seed any integer; `stream` tells sources of one seed apart */
  constructor(seed: number, stream = 0) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0;
    if (this.state === 0) this.state = 1;
    for (let warm = 0; warm < 8; warm++) this.next();
  }

  /** An integer from 0 to bound - 1; `bound` is 1 to 2^31. */
  below(bound: number): number {
    return (this.next() >>> 0) % bound;
  }

  private next(): number {
    let { state } = this;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return state;
  }
}
