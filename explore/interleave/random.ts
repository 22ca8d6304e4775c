/** Random numbers that depend on the seed alone: sfc32 (Chris Doty-Humphrey's small fast counting generator). */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any 32-bit integer */
  constructor(seed: number) {
    this.a = seed | 0;
    this.b = 0x9e3779b9 | 0;
    this.c = 0x85ebca6b | 0;
    for (let round = 0; round < 12; round++) this.next();
  }

  /** 32 random bits as an unsigned integer. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return sum >>> 0;
  }

  /** An integer from 0 to `count` - 1; `count` is far below 2^32, so that the bias does not matter. */
  below(count: number): number {
    return Math.floor((this.next() / 2 ** 32) * count);
  }
}
