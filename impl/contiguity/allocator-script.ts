/**
 * Scripts of the allocator: one operation a line, `#` begins a comment line.
 *
 *   zone-dma a b │ zone-normal a b │ used a b            before `init`
 *   vma i a b │ vmadup i j │ fault i v o │ alloc o │ free p o │ place n o x │ target p o n
 *   file i n │ readahead i k │ drop i │ procmap │ procfail │ procsucc │ proctotal
 */
import {
  type AllocatorOperation,
  type AllocatorShape,
  allocatorShape,
  type Quirk,
  type ZoneShape,
} from "../../vocabulary/contiguity/allocator.js";
import { PagetwinError } from "../../vocabulary/errors.js";

export type ProcFile = "procmap" | "procfail" | "procsucc" | "proctotal";

export interface ScriptStep {
  /** The line as it was written, and its number from 1 on. */
  readonly text: string;
  readonly line: number;
  readonly does: AllocatorOperation | ProcFile;
}

export interface Script {
  readonly shape: AllocatorShape;
  readonly steps: readonly ScriptStep[];
}

const PAGES_END = 2 ** 52;
const TOP_ORDER = 10;
const HUGE_ORDER = 9;
const TABLE_LENGTH = 64;
const ITEMS_MAX = 65_536;

/** @throws PagetwinError `FORMAT` naming the line and what was expected */
export function parseScript(text: string, quirks: readonly Quirk[]): Script {
  const zones: ZoneShape[] = [];
  const used: [number, number][] = [];
  const steps: ScriptStep[] = [];
  let frames = -1;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const words = new Words(line, index + 1);
    if (frames >= 0) {
      steps.push({ text: line, line: index + 1, does: operationOf(words, frames) });
      continue;
    }
    if (words.name === "zone-dma") zones.push(zoneOf("DMA", words));
    else if (words.name === "zone-normal") zones.push(zoneOf("Normal", words));
    else if (words.name === "used") used.push(words.range(2 ** 26));
    else if (words.name === "init") frames = Math.max(0, ...zones.map(({ end }) => end));
    else throw words.unexpected("zone-dma, zone-normal, used or init");
    words.end();
  }
  if (frames < 0) throw new PagetwinError("FORMAT", "expected a line init");
  zones.sort((a, b) => a.first - b.first);
  const largest = (field: "area" | "from" | "to" | "file"): number =>
    steps.reduce((most, { does }) => {
      const value =
        typeof does === "object" && field in does ? (does as unknown as Record<string, number>)[field]! : -1;
      return Math.max(most, value + 1);
    }, 0);
  const shape: AllocatorShape = {
    zones,
    used,
    topOrder: TOP_ORDER,
    hugeOrder: HUGE_ORDER,
    tableLength: TABLE_LENGTH,
    areas: Math.max(largest("area"), largest("from"), largest("to")),
    files: largest("file"),
    quirks,
  };
  return { shape: allocatorShape(shape), steps };
}

function zoneOf(name: ZoneShape["name"], words: Words): ZoneShape {
  const [first, end] = words.range(2 ** 26);
  return { name, first, end };
}

function operationOf(words: Words, frames: number): AllocatorOperation | ProcFile {
  const operation = operationNamed(words, frames);
  words.end();
  return operation;
}

function operationNamed(words: Words, frames: number): AllocatorOperation | ProcFile {
  switch (words.name) {
    case "vma": {
      const area = words.number(ITEMS_MAX);
      const [first, end] = words.range(PAGES_END);
      return { kind: "area", area, first, end };
    }
    case "vmadup":
      return { kind: "duplicate", from: words.number(ITEMS_MAX), to: words.number(ITEMS_MAX) };
    case "fault":
      return {
        kind: "fault",
        area: words.number(ITEMS_MAX),
        page: words.number(PAGES_END),
        order: words.oneOf([0, HUGE_ORDER]),
      };
    case "alloc":
      return { kind: "allocate", order: words.number(TOP_ORDER + 1) };
    case "free": {
      const frame = words.number(frames);
      const order = words.number(TOP_ORDER + 1);
      if (frame % 2 ** order !== 0) throw words.unexpected(`a frame that is a multiple of ${2 ** order}`);
      return { kind: "free", frame, order };
    }
    case "place":
      return {
        kind: "place",
        pages: words.number(PAGES_END),
        order: words.number(TOP_ORDER + 1),
        takes: words.oneOf([0, 1]) === 1,
      };
    case "target":
      return {
        kind: "target",
        frame: words.number(PAGES_END),
        order: words.number(TOP_ORDER + 1),
        pages: words.number(PAGES_END),
      };
    case "file":
      return { kind: "file", file: words.number(ITEMS_MAX), pages: words.number(2 ** 31) };
    case "readahead":
      return { kind: "readahead", file: words.number(ITEMS_MAX), page: words.number(2 ** 31) };
    case "drop":
      return { kind: "drop", file: words.number(ITEMS_MAX) };
    case "procmap":
    case "procfail":
    case "procsucc":
    case "proctotal":
      return words.name;
    default:
      throw words.unexpected("an operation, such as fault, alloc, free or procmap");
  }
}

/** The words of one line, taken one after the other. */
class Words {
  readonly name: string;
  private readonly words: readonly string[];
  private readonly line: number;
  private at = 1;

  constructor(text: string, line: number) {
    this.words = text.split(/\s+/);
    this.name = this.words[0]!;
    this.line = line;
  }

  /** A decimal or 0x integer from 0 to bound − 1. */
  number(bound: number): number {
    const word = this.words[this.at++] ?? "";
    const value = /^(?:[0-9]+|0x[0-9a-fA-F]+)$/.test(word) ? Number(word) : Number.NaN;
    if (Number.isSafeInteger(value) && value < bound) return value;
    throw this.unexpected(`an integer from 0 to ${bound - 1} as argument ${this.at - 1}`);
  }

  oneOf(values: readonly number[]): number {
    const value = this.number(Math.max(...values) + 1);
    if (values.includes(value)) return value;
    throw this.unexpected(`${values.join(" or ")} as argument ${this.at - 1}`);
  }

  range(bound: number): [number, number] {
    const first = this.number(bound);
    const end = this.number(bound + 1);
    if (end > first) return [first, end];
    throw this.unexpected("an end behind the start");
  }

  end(): void {
    if (this.words.length > this.at) throw this.unexpected(`no more than ${this.at - 1} arguments`);
  }

  unexpected(expectation: string): PagetwinError {
    return new PagetwinError("FORMAT", `line ${this.line}: ${this.name}: expected ${expectation}`);
  }
}
