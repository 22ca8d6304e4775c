/** Names of processes: 16-bit units, two per word, ended by a zero unit; longer ones are cut. */
import { CMDLINE_BYTES, COMM_BYTES } from "../../vocabulary/replication/proc.js";
import type { MemoryPort } from "../memory-port.js";
import { CMDLINE_OFFSET } from "./statistics-layout.js";

const UNIT_BITS = 16;
const UNIT_MASK = 2 ** UNIT_BITS - 1;

/** Writes comm and cmdline; one unit of each is kept for the end. */
export function writeNames(memory: MemoryPort, at: number, comm: string, cmdline: string): void {
  writeText(memory, at, comm, COMM_BYTES);
  writeText(memory, at + CMDLINE_OFFSET, cmdline, CMDLINE_BYTES);
}

export function readComm(memory: MemoryPort, at: number): string {
  return readText(memory, at, COMM_BYTES);
}

export function readCmdline(memory: MemoryPort, at: number): string {
  return readText(memory, at + CMDLINE_OFFSET, CMDLINE_BYTES);
}

function writeText(memory: MemoryPort, at: number, text: string, capacity: number): void {
  const zero = text.indexOf("\0");
  const length = Math.min(zero === -1 ? text.length : zero, capacity - 1);
  for (let unit = 0; unit < capacity; unit += 2) {
    const low = unit < length ? text.charCodeAt(unit) : 0;
    const high = unit + 1 < length ? text.charCodeAt(unit + 1) : 0;
    memory.store("name.write", at + unit / 2, low | (high << UNIT_BITS));
  }
}

function readText(memory: MemoryPort, at: number, capacity: number): string {
  let text = "";
  for (let unit = 0; unit < capacity; unit++) {
    const word = memory.load("name.read", at + (unit >>> 1));
    const code = (unit & 1) === 0 ? word & UNIT_MASK : word >>> UNIT_BITS;
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}
