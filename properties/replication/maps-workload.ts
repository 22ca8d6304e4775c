/**
 * The address-space layout of a real process as a workload: map its regions, touch picked pages from CPUs of every node,
 * replicate, steer, fork, write on both sides, protect and unmap parts, switch replication off, exit.
 *
 * Only the layout is real; who touches what, and when, is ours. Pages are picked: first and last of every region that
 * can be accessed, then runs of neighbours at places that the seed chooses, spread over the regions, up to a limit.
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
  /** How many of the regions are mapped: {@link REGIONS_MAX} at most, evenly chosen. */
  readonly mapped: number;
  /** The pages that are touched, ascending. */
  readonly picks: readonly number[];
}

export interface Phase {
  readonly name: string;
  readonly operations: readonly Operation[];
}

export interface WorkloadOptions {
  /** Most pages to touch, from 2. */
  readonly pagesMax: number;
  readonly seed: number;
  /** 2 to 8. */
  readonly nodes: number;
}

/** Phases at whose end the tables are worth counting: without replicas, and with them. */
export const COUNTED = { before: "touch from every node in turn", after: "replicate on all nodes" } as const;

/** Most regions that are mapped: each further one makes every look for a region longer. */
export const REGIONS_MAX = 4096;

/** Most pages that are written after the fork: a copy makes the reference look at every leaf there is. */
const WRITES_MAX = 256;

/** Process 1 may not replicate itself (W43), so it is the child. */
const PARENT = 2;
const CHILD = 1;

/** Pages side by side that a seeded place stands for: programs rarely touch one page alone, and tables stay few. */
const RUN_PAGES = 8;

interface Pick {
  readonly page: number;
  readonly access: Access;
}

/** @param all regions, ascending and disjoint */
export function workloadOf(all: readonly Region[], options: WorkloadOptions): Workload {
  const { nodes } = options;
  const regions = evenly(all, REGIONS_MAX);
  const picks = picksOf(regions, options);
  const everyNode = Array.from({ length: nodes }, (_, node) => node);
  const touches = (of: readonly Pick[], cpuOf: (index: number) => number) =>
    of.map(({ page, access }, index) => op.touch(cpuOf(index), page, access));
  const writable = evenly(
    picks.filter(({ access }) => access === "write"),
    WRITES_MAX,
  );
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
    { name: COUNTED.before, operations: touches(picks, (index) => index % nodes) },
    {
      name: COUNTED.after,
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
      operations: [
        op.fork(0, CHILD),
        op.switchTo(1, CHILD),
        ...touches(writable, (index) => index % 2), // the first to write gets a copy ...
        ...touches(writable.slice(0, 64), (index) => (index + 1) % 2), // ... the second keeps the frame
      ],
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
  return {
    shape: shapeFor(regions, picks, nodes),
    phases,
    mapped: regions.length,
    picks: picks.map(({ page }) => page),
  };
}

/** All of a list, or `most` of it at equal distances. */
function evenly<Item>(list: readonly Item[], most: number): readonly Item[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]!);
}

/** First and last page of every accessible region, then seeded runs, one region after the other. */
function picksOf(regions: readonly Region[], { pagesMax, seed }: WorkloadOptions): Pick[] {
  const accessible = evenly(
    regions.filter(({ rights }) => rights !== "---"),
    Math.floor(pagesMax / 2),
  );
  const chosen = new Map<number, Access>();
  const choose = (region: Region, first: number, pages: number) => {
    for (let offset = first; offset < Math.min(first + pages, region.pages) && chosen.size < pagesMax; offset++) {
      chosen.set(region.page + offset, accessTo(region.rights, offset));
    }
  };
  for (const region of accessible) {
    choose(region, 0, 1);
    choose(region, region.pages - 1, 1);
  }
  const total = accessible.reduce((sum, { pages }) => sum + pages, 0);
  if (total <= pagesMax) for (const region of accessible) choose(region, 0, region.pages);
  let random = seed | 0;
  for (let round = 0; round < pagesMax && chosen.size < Math.min(pagesMax, total); round++) {
    for (const region of accessible) {
      // A linear congruential step (Numerical Recipes); only spread matters here.
      random = (Math.imul(random, 1664525) + 1013904223) | 0;
      choose(region, Math.floor(((random >>> 0) / 2 ** 32) * region.pages), RUN_PAGES);
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
      placement: "by-page", // mostly free at the first look, where the lowest free frame is a long search
      ranges: Math.min(65_536, 2 * regions.length + 8),
      processes: 2,
      tlbSlots: 64,
      walkCacheSlots: 16,
    }),
  );
}
