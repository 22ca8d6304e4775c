/**
 * The address-space layout of a real process as a workload: map its regions, touch picked pages from CPUs of every node,
 * replicate, steer, fork, write on both sides, protect and unmap parts, switch replication off, exit.
 *
 * Only the layout is real; who touches what, and when, is ours. Pages are picked: first and last of every region that
 * can be accessed, then others by the seed, spread over the regions, up to a limit.
 */
import { geometry } from "../../vocabulary/geometry.js";
import type { Access, Rights } from "../../vocabulary/page-table/access.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Shape } from "../engine/system.js";
import * as op from "./build.js";
import { shapeOf } from "./shape.js";

export interface Region {
  /** Virtual page number of the first page, below 2^35. */
  readonly page: number;
  readonly pages: number;
  readonly rights: Rights;
  readonly sharing: "private" | "shared";
}

export interface Workload {
  readonly shape: Shape;
  readonly phases: readonly Phase[];
  /** The pages that are touched, ascending. */
  readonly picks: readonly number[];
}

export interface Phase {
  readonly name: string;
  readonly operations: readonly Operation[];
}

export interface WorkloadOptions {
  /** Most pages to touch, from 1. */
  readonly pagesMax: number;
  readonly seed: number;
  /** 2 to 8. */
  readonly nodes: number;
}

/** Process 1 may not replicate itself (W43), so it is the child. */
const PARENT = 2;
const CHILD = 1;

interface Pick {
  readonly page: number;
  readonly access: Access;
}

export function workloadOf(regions: readonly Region[], options: WorkloadOptions): Workload {
  const { nodes } = options;
  const picks = picksOf(regions, options);
  const everyNode = Array.from({ length: nodes }, (_, node) => node);
  const touches = (of: readonly Pick[], cpuOf: (index: number) => number) =>
    of.map(({ page, access }, index) => op.touch(cpuOf(index), page, access));
  const writable = picks.filter(({ access }) => access === "write");
  const some = regions.filter((_, index) => index % 5 === 0);
  const phases: Phase[] = [
    {
      name: "run on every node",
      operations: [op.spawn(0, PARENT), ...everyNode.map((cpu) => op.switchTo(cpu, PARENT))],
    },
    {
      name: "map the regions",
      operations: regions.map(({ page, pages, rights, sharing }) => op.map(0, page, pages, { rights, sharing })),
    },
    { name: "touch from every node in turn", operations: touches(picks, (index) => index % nodes) },
    {
      name: "replicate on all nodes",
      operations: [op.setReplication(0, 1), ...everyNode.map((cpu) => op.switchTo(cpu, PARENT))],
    },
    { name: "touch from the other nodes", operations: touches(picks, (index) => (index + 1) % nodes) },
    {
      name: "steer the last node to the first, and touch there",
      operations: [
        op.steer(0, { [nodes - 1]: 0 }),
        op.switchTo(nodes - 1, PARENT),
        ...touches(picks.slice(0, 64), () => nodes - 1),
      ],
    },
    {
      name: "fork, and write on both sides",
      operations: [op.fork(0, CHILD), op.switchTo(1, CHILD), ...touches(writable, (index) => index % 2)],
    },
    {
      name: "take rights and regions away",
      operations: [
        ...some.map(({ page, pages, rights }) =>
          rights === "rw-" ? op.protect(0, page, "r--", pages) : op.unmap(0, page, pages),
        ),
        ...touches(writable.slice(0, 64), () => nodes - 1),
      ],
    },
    { name: "the child exits", operations: [op.exit(1), op.switchTo(1, PARENT)] },
    {
      name: "replication off",
      operations: [op.setReplication(0, 0), ...touches(picks.slice(0, 64), () => 0), op.readProc("history")],
    },
    { name: "exit", operations: [op.exit(0), op.readProc("status")] },
  ];
  return { shape: shapeFor(regions, picks, nodes), phases, picks: picks.map(({ page }) => page) };
}

/** First and last page of every accessible region, then more by the seed, one region after the other. */
function picksOf(regions: readonly Region[], { pagesMax, seed }: WorkloadOptions): Pick[] {
  const accessible = regions.filter(({ rights }) => rights !== "---");
  const chosen = new Map<number, Access>();
  const choose = (region: Region, offset: number) => {
    if (chosen.size < pagesMax) chosen.set(region.page + offset, accessTo(region.rights, offset));
  };
  for (const region of accessible) {
    choose(region, 0);
    choose(region, region.pages - 1);
  }
  const total = accessible.reduce((sum, { pages }) => sum + pages, 0);
  let random = seed | 0;
  for (let round = 0; round < pagesMax && chosen.size < Math.min(pagesMax, total); round++) {
    for (const region of accessible) {
      // A linear congruential step (Numerical Recipes); only spread matters here.
      random = (Math.imul(random, 1664525) + 1013904223) | 0;
      choose(region, (random >>> 0) % region.pages);
    }
  }
  return [...chosen].map(([page, access]) => ({ page, access })).sort((one, other) => one.page - other.page);
}

function accessTo(rights: Rights, offset: number): Access {
  if (rights.includes("w") && offset % 2 === 0) return "write";
  return rights.includes("x") && offset % 2 === 1 ? "execute" : "read";
}

/** x86-64 with room for the tables of these pages, twice: parent and child. */
function shapeFor(regions: readonly Region[], picks: readonly Pick[], nodes: number): Shape {
  const spans = [2 ** 9, 2 ** 18, 2 ** 27];
  const tables = spans.map((span) => new Set(picks.map(({ page }) => Math.floor(page / span))).size);
  const tableFrames = 2 * (1 + tables.reduce((sum, count) => sum + count, 0));
  return shapeOf(
    geometry({
      levels: 4,
      nodes,
      cpusPerNode: 1,
      tableFrames,
      dataFrames: 2 * picks.length,
      ranges: Math.min(65_536, 2 * regions.length + 8),
      processes: 2,
      tlbSlots: 64,
      walkCacheSlots: 16,
    }),
  );
}
