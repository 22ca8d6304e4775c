/** The large spaces of `sample`: real geometries, and a middling one where everything collides. */
import { pageCount, span } from "../../model/page-table/address.js";
import type { State } from "../../model/page-table/state.js";
import { path } from "../../model/page-table/tables.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import { ACCESSES, RIGHTS } from "../../vocabulary/page-table/access.js";
import type { LeafLevel, Operation } from "../../vocabulary/page-table/operations.js";
import type { Choose, MenuItem, SampleScope } from "../engine/system.js";
import * as op from "./build.js";

type Item = MenuItem<Operation, State>;

/** Leaf sizes of a geometry. */
function levelsOf(state: State): readonly LeafLevel[] {
  return ([1, 2, 3] as const).filter((level) => level < state.geometry.levels);
}

/** A page near one of a few far-apart places, so that operations meet in tables of all levels. */
function drawPage(state: State, choose: Choose): number {
  const { geometry } = state;
  const pages = pageCount(geometry);
  const places = [
    0,
    pages / 2,
    pages - span(geometry, 2),
    Math.floor(pages / 3 / span(geometry, 3)) * span(geometry, 3),
  ];
  const near = choose.below(3) === 0 ? choose.below(2) * span(geometry, Math.min(3, geometry.levels - 1)) : 0;
  const fine = choose.below(4) + choose.below(2) * span(geometry, 2);
  return (choose.from(places) + near + fine) % pages;
}

/** A page of some leaf, mostly. */
function drawMapped(state: State, choose: Choose): number {
  const leaves = Object.entries(state.tables).length;
  if (leaves <= 1 || choose.below(5) === 0) return drawPage(state, choose);
  // Down from the root, a non-empty entry each time.
  let table = state.root;
  let page = 0;
  for (let level = state.geometry.levels; ; level--) {
    const index = choose.from(Object.keys(state.tables[table]!).map(Number));
    page += index * span(state.geometry, level);
    const entry = state.tables[table]![index]!;
    if (entry.kind === "leaf") return page + choose.below(Math.min(4, span(state.geometry, level)));
    table = entry.table;
  }
}

/** The other one of an even number and the odd one behind it. */
function besides(number: number): number {
  return number % 2 === 0 ? number + 1 : number - 1;
}

function virtualOf(state: State, page: number): number {
  const pages = pageCount(state.geometry);
  return page < pages / 2 ? page : page + (2 ** 52 - pages);
}

const menu: readonly Item[] = [
  {
    name: "map",
    draw: (state, choose) => {
      const { geometry } = state;
      const level = choose.from(levelsOf(state));
      const size = span(geometry, level);
      const frames = 2 ** (geometry.physicalAddressBits - 12) / size;
      const frame = size * (choose.below(4) === 0 ? frames - 1 - choose.below(4) : choose.below(Math.min(64, frames)));
      const flag = () => choose.below(2) === 0;
      return op.map(choose.below(state.cpus.length), Math.floor(drawPage(state, choose) / size) * size, frame, {
        level,
        rights: choose.from(RIGHTS.filter((rights) => rights !== "---")),
        attributes: {
          user: choose.below(4) > 0,
          global: flag(),
          writeThrough: flag(),
          cacheDisable: flag(),
          pat: flag(),
          available: choose.below(256),
          key: choose.below(16),
        },
      });
    },
  },
  {
    name: "fill",
    draw: (state, choose) => {
      // The page beside a mapped one, with the next frame: what a collapse needs.
      const page = drawMapped(state, choose);
      const step = path(state, page).at(-1)!;
      if (step.entry?.kind !== "leaf") return undefined;
      const { frame, user, global, writeThrough, cacheDisable, pat, available, key } = step.entry;
      const size = span(state.geometry, step.level);
      const next = besides(Math.floor(page / size)) * size;
      const wanted = besides(Math.floor(frame / size)) * size;
      const attributes = { user, global, writeThrough, cacheDisable, pat, available, key };
      return op.map(0, next, wanted, { level: step.level as LeafLevel, rights: "rw-", attributes });
    },
  },
  { name: "unmap", draw: (state, choose) => op.unmap(0, drawMapped(state, choose)) },
  { name: "protect", draw: (state, choose) => op.protect(0, drawMapped(state, choose), choose.from(RIGHTS)) },
  { name: "split", draw: (state, choose) => op.split(choose.below(state.cpus.length), drawMapped(state, choose)) },
  {
    name: "collapse",
    draw: (state, choose) => {
      const levels = levelsOf(state).filter((level) => level !== 1);
      return levels.length === 0 ? undefined : op.collapse(0, drawMapped(state, choose), choose.from(levels));
    },
  },
  { name: "walk", draw: (state, choose) => ({ kind: "walk", page: drawMapped(state, choose) }) },
  { name: "load", draw: (state, choose) => op.load(choose.below(state.cpus.length)) },
  { name: "flush", draw: (state, choose) => op.flush(choose.below(state.cpus.length)) },
  ...(["mapped", "anywhere"] as const).map(
    (where): Item => ({
      name: `access ${where}`,
      draw: (state, choose) => {
        const running = state.cpus.flatMap((cpu, index) => (cpu.root === null ? [] : [index]));
        if (running.length === 0) return undefined;
        const page = where === "mapped" ? drawMapped(state, choose) : drawPage(state, choose);
        const virtualPage = choose.below(16) === 0 ? 2 ** 52 - 1 - 2 ** 50 - page : virtualOf(state, page);
        const mode = choose.below(4) === 0 ? "supervisor" : "user";
        return op.access(choose.from(running), virtualPage, choose.from(ACCESSES), mode);
      },
    }),
  ),
];

const scope = (name: string, title: string, shape: Partial<Geometry>): SampleScope<Operation, State> => ({
  name,
  title,
  shape: { ...geometry(shape) },
  setup: [op.load(0), op.load(1)],
  menu,
  commandsMax: 80,
});

export const sampleScopes: readonly SampleScope<Operation, State>[] = [
  scope("small-tables", "4 levels of 2 bits, 2 nodes, small caches, few frames", {
    indexBits: 2,
    kernelRootEntries: 2,
    tableFrames: 8,
    dataFrames: 3,
    tlbSlots: 4,
    walkCacheSlots: 2,
  }),
  scope("four-levels", "x86-64: 4 levels of 9 bits", { tableFrames: 64, dataFrames: 64 }),
  scope("five-levels", "x86-64: 5 levels of 9 bits, 46-bit physical addresses", {
    levels: 5,
    physicalAddressBits: 46,
    tableFrames: 64,
    dataFrames: 64,
    tlbSlots: 5,
    walkCacheSlots: 3,
  }),
];
