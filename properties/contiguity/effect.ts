/**
 * What contiguity-aware paging is for, shown: on the same fragmented memory two processes fault, whose turn it is being drawn,
 * once with it and once with first touch, and the ranges that cover 99 % of the first one's pages are counted. The memory is
 * one node's, or two nodes have half of it each and one of the processes.
 */
import { ContiguityMachine } from "../../impl/contiguity/machine.js";
import { QUIRKS, type Quirk } from "../../vocabulary/contiguity/allocator.js";
import type { MachineOperation, MachineShape } from "../../vocabulary/contiguity/machine.js";
import { Decisions } from "../engine/decisions.js";
import { leavesOf } from "./meaning.js";

export interface EffectRun {
  readonly seed: number;
  readonly contiguityAware: boolean;
  /** Order of the faults: 0 or 9. */
  readonly order: 0 | 9;
  readonly quirks?: readonly Quirk[];
  /** 1 unless given. */
  readonly nodes?: 1 | 2;
}

/** The orders of faults that are tried, and their sizes in words. */
export const ORDERS = [9, 0] as const;
export const FAULTS = { 9: "2 MiB", 0: "4 KiB" } as const;

/** Ways to find a frame, the first of which the others are compared with. */
export const POLICIES: readonly (Pick<EffectRun, "contiguityAware" | "quirks"> & { readonly name: string })[] = [
  { name: "first touch", contiguityAware: false },
  { name: "contiguity-aware", contiguityAware: true },
  { name: "with the split limit", contiguityAware: true, quirks: ["split-limit"] },
  { name: "authors' rules", contiguityAware: true, quirks: QUIRKS },
];

/** One way to find frames, over the seeds. */
export interface Effect {
  readonly policy: string;
  readonly order: EffectRun["order"];
  /** Ranges for 99 % of the pages, seed by seed. */
  readonly ranges: readonly number[];
  readonly least: number;
  readonly median: number;
  readonly most: number;
  /** Seeds with fewer ranges than first touch, and with more. */
  readonly fewer: number;
  readonly more: number;
  /** Sign test: how probable so many fewer, or still more of them, are if fewer and more are equally likely. */
  readonly chance: number;
}

/** Every policy with these faults, on the same memories. */
export function effectsOf(order: EffectRun["order"], seeds: number, nodes: 1 | 2 = 1): readonly Effect[] {
  const found = POLICIES.map((policy) => ({ policy, ranges: effectOver(seeds, { ...policy, order, nodes }) }));
  const firstTouch = found[0]!.ranges;
  return found.map(({ policy, ranges }) => {
    const sorted = [...ranges].sort((a, b) => a - b);
    const fewer = ranges.filter((count, seed) => count < firstTouch[seed]!).length;
    const more = ranges.filter((count, seed) => count > firstTouch[seed]!).length;
    return {
      policy: policy.name,
      order,
      ranges,
      least: sorted[0]!,
      median: sorted[Math.floor(sorted.length / 2)]!,
      most: sorted.at(-1)!,
      fewer,
      more,
      chance: atLeast(fewer, fewer + more),
    };
  });
}

/** The probability of `heads` or more in `throws` throws of a coin. */
function atLeast(heads: number, throws: number): number {
  let sum = 0;
  let ways = 1;
  for (let each = 0; each <= throws; each++) {
    if (each >= heads) sum += ways / 2 ** throws;
    ways = (ways * (throws - each)) / (each + 1);
  }
  return sum;
}

const FRAMES = 65_536;
const AREA_PAGES = 8192;
const HUGE_PAGES = 512;
const TOP_ORDER = 10;
/** Page-table pages of a process: the root, one of level 2, one for each 2 MiB. */
const TABLES = 2 + AREA_PAGES / HUGE_PAGES;
/** Of the blocks that the kernel took, it keeps one in so many. */
const KEPT_ONE_IN = 4;
const SHARE = 0.99;

function shapeOf(quirks: readonly Quirk[], nodes: number): MachineShape {
  const share = FRAMES / nodes;
  return {
    memory: {
      zones: Array.from({ length: nodes }, (_, node) => ({
        ...{ name: "Normal" as const, first: node * share, end: (node + 1) * share, node },
      })),
      used: [[0, 1]],
      topOrder: TOP_ORDER,
      hugeOrder: 9,
      tableLength: 64,
      areas: 2,
      files: 0,
      quirks,
    },
    processes: 2,
    areasPerProcess: 1,
    levels: 3,
    tables: TABLES,
  };
}

/** Ranges that hold 99 % of the first process's pages, for each seed from 1 on. */
export function effectOver(seeds: number, run: Omit<EffectRun, "seed">): readonly number[] {
  return Array.from({ length: seeds }, (_, seed) => rangesFor99Percent(rangesAfterFaults({ ...run, seed: seed + 1 })));
}

/** Sizes of the ranges of process 0, largest first. */
function rangesAfterFaults({ seed, contiguityAware, order, quirks = [], nodes = 1 }: EffectRun): readonly number[] {
  const shape = shapeOf(quirks, nodes);
  const machine = new ContiguityMachine(new Int32Array(ContiguityMachine.wordsNeeded(shape)), shape);
  machine.initialise();
  const decisions = new Decisions(seed);
  fragment(machine, decisions);
  for (const process of [0, 1]) {
    perform(machine, { kind: "spawn", process });
    perform(machine, { kind: "map", process, area: 0, first: HUGE_PAGES, end: HUGE_PAGES + AREA_PAGES });
    if (contiguityAware) perform(machine, { kind: "enable", process, on: true });
    if (nodes === 2 && process === 1) perform(machine, { kind: "move", process, node: 1 });
  }
  const next = [HUGE_PAGES, HUGE_PAGES];
  for (let faults = (2 * AREA_PAGES) / 2 ** order; faults > 0; faults--) {
    const turn = decisions.below(2);
    const process = next[turn]! < HUGE_PAGES + AREA_PAGES ? turn : 1 - turn;
    const operation: MachineOperation = { kind: "fault", process, area: 0, page: next[process]!, order };
    next[process]! += 2 ** order;
    if (machine.enabled(operation)) perform(machine, operation);
  }
  return rangesOf(machine);
}

/** How many of the largest ranges hold 99 % of the pages. */
function rangesFor99Percent(sizes: readonly number[]): number {
  const pages = sizes.reduce((sum, size) => sum + size, 0);
  let covered = 0;
  let entries = 0;
  for (const size of sizes) {
    if (covered >= SHARE * pages) break;
    covered += size;
    entries++;
  }
  return entries;
}

/** The kernel takes all memory in blocks of 4 and 2 MiB, and gives most of it back, here and there. */
function fragment(machine: ContiguityMachine, decisions: Decisions): void {
  const taken: number[] = [];
  for (;;) {
    const outcome = machine.perform({ kind: "take", order: TOP_ORDER - decisions.below(2) });
    if (outcome.kind !== "frame") break;
    taken.push(outcome.frame);
  }
  for (const frame of taken) if (decisions.below(KEPT_ONE_IN) > 0) perform(machine, { kind: "give", frame });
}

function perform(machine: ContiguityMachine, operation: MachineOperation): void {
  machine.perform(operation);
}

function rangesOf(machine: ContiguityMachine): readonly number[] {
  const sizes: number[] = [];
  let page = 0;
  let frame = 0;
  for (const leaf of leavesOf(machine, 0)) {
    const size = 2 ** leaf.order;
    if (leaf.page === page && leaf.frame === frame && sizes.length > 0) sizes[sizes.length - 1]! += size;
    else sizes.push(size);
    page = leaf.page + size;
    frame = leaf.frame + size;
  }
  return sizes.sort((a, b) => b - a);
}
