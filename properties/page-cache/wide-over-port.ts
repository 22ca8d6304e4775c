/**
 * 64-bit heads for the checker, whose words have 32 bits: a head is kept as its code, 16 bits of tag above a frame's number +
 * 1. Code and head are the same but for how they are written down, and each access to the head is one access to the code. So
 * the production code of the 64-bit layout goes through all schedules, as that of the other one does.
 */
import type { MemoryPort } from "../../impl/memory-port.js";
import type { WidePort } from "../../impl/page-cache/wide-heads.js";

const FIRST = 0xea00_0000_0000n;
const NUMBERS = 2 ** 16;

export class WideOverPort implements WidePort {
  private readonly port: MemoryPort;

  constructor(port: MemoryPort) {
    this.port = port;
  }

  load(label: string, index: number): bigint {
    return headOf(this.port.load(label, index));
  }

  compareExchange(label: string, index: number, expected: bigint, value: bigint): bigint {
    return headOf(this.port.compareExchange(label, index, codeOf(expected), codeOf(value)));
  }
}

function headOf(code: number): bigint {
  const number = (code >>> 0) % NUMBERS;
  const address = number === 0 ? 0n : FIRST + 64n * BigInt(number - 1);
  return BigInt.asIntN(64, BigInt(code >>> 16) * 2n ** 48n + address);
}

function codeOf(head: bigint): number {
  const address = BigInt.asUintN(48, head);
  const number = address === 0n ? 0 : Number((address - FIRST) / 64n) + 1;
  return (Number(BigInt.asUintN(64, head) / 2n ** 48n) * NUMBERS + number) | 0;
}
