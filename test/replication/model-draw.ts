/** Operations drawn so that they meet: on pages that are mapped, by CPUs that run something. */
import type { Range, State } from "../../model/replication/index.js";
import { ACCESSES, RIGHTS } from "../../vocabulary/page-table/access.js";
import type { Operation } from "../../vocabulary/replication/operations.js";

type Numbers = () => number;

/** A number stands for the kind as often as the kind stands here. */
const KINDS = [
  ...Array.from({ length: 14 }, () => "touch" as const),
  ...(["map", "map", "map", "map", "map", "switch", "switch", "switch", "fork", "fork", "enable", "enable"] as const),
  ...([
    "remap",
    "remap",
    "remap",
    "alias",
    "alias",
    "collapse",
    "collapse",
    "moveStart",
    "moveFinish",
    "protect",
  ] as const),
  ...(["unmap", "discard", "age", "clean", "read", "split", "policy", "spawn", "clone", "exec", "exit"] as const),
  ...(["disable", "initialise", "enableExternal", "setReplication", "setCacheOnly", "setSteering"] as const),
  ...(["getReplication", "getCacheOnly", "getSteering"] as const),
  ...(["readProc", "writeProc", "writeProc", "advance", "flush", "kernelEntry"] as const),
];

/** The operation that these numbers stand for in this state. It need not be enabled. */
export function draw(state: State, numbers: readonly number[]): Operation {
  let used = 0;
  const next = () => numbers[used++ % numbers.length] ?? 0;
  const kind = from(KINDS, next());
  const busy = state.cpus.flatMap(({ pid }, cpu) => (pid === 0 ? [] : [cpu]));
  const cpu = kind === "switch" || busy.length === 0 ? next() % state.cpus.length : from(busy, next());
  const newPid = 1 + (next() % state.geometry.processes);
  const pid = from([0, ...Object.keys(state.processes).map(Number)], next());
  const nodes = from([[0, 1], [0, 2], [1, 2], [0, 1, 2], [1]], next()).filter((node) => node < state.geometry.nodes);
  const piece = pieceOf(state, cpu, next);
  switch (kind) {
    case "touch":
      return { kind, cpu, page: piece.page, access: from(ACCESSES, next()) };
    case "map": {
      const leaf = from([1, 1, 2, 3] as const, next());
      const unit = 2 ** (state.geometry.indexBits * (leaf - 1));
      const page = (next() % 8) * unit;
      const pages = (1 + (next() % 4)) * unit;
      const sharing = from(["private", "shared"] as const, next());
      return {
        kind,
        cpu,
        page,
        pages,
        rights: from(RIGHTS, next() % 7 ? 2 : next()),
        sharing,
        leaf,
        populate: next() % 2 === 0,
      };
    }
    case "remap":
      return {
        kind,
        cpu,
        ...piece,
        to: next() % 3 ? freePlace(piece, next()) : piece.page,
        toPages: resized(piece, next),
      };
    case "alias":
      return { kind, cpu, ...piece, to: freePlace(piece, next()) };
    case "protect":
      return { kind, cpu, ...piece, rights: from(RIGHTS, next()) };
    case "unmap":
    case "discard":
      return { kind, cpu, ...piece };
    case "age":
    case "clean":
    case "read":
    case "split":
    case "moveFinish":
      return { kind, cpu, page: piece.page };
    case "moveStart":
      return { kind, cpu, page: piece.page, node: next() % 3 };
    case "collapse":
      return { kind, cpu, page: piece.page, level: from([2, 2, 3] as const, next()) };
    case "policy":
      return { kind, cpu, node: (next() % 4) - 1 };
    case "spawn":
      return { kind, cpu, pid: newPid, comm: "a name that is too long", cmdline: "--x" };
    case "exec":
      return { kind, cpu, comm: "image", cmdline: "", fails: next() % 4 === 0 };
    case "switch":
      return { kind, cpu, pid };
    case "fork":
      return { kind, cpu, pid: newPid };
    case "clone":
      return { kind, cpu, pid: newPid, group: from(["callers", "own"] as const, next()) };
    case "exit":
    case "getReplication":
    case "flush":
      return { kind, cpu };
    case "enable":
    case "enableExternal":
      return { kind, cpu, pid, nodes };
    case "disable":
    case "initialise":
    case "getCacheOnly":
      return { kind, cpu, pid };
    case "setReplication":
      return { kind, cpu, mask: next() % 8, pid };
    case "setCacheOnly":
      return { kind, cpu, value: next() % 3, pid };
    case "setSteering":
      return { kind, cpu, vector: Array.from({ length: 8 }, () => (next() % 4) - 1), pid };
    case "getSteering":
      return { kind, cpu, vector: "ok", pid };
    case "readProc":
      return { kind, file: from(["status", "active", "history", "cache", "mode", "inherit"] as const, next()) };
    case "writeProc": {
      const file = from(["mode", "inherit", "cache", "cache", "history"] as const, next());
      return { kind, cpu, file, text: from(["-2", "-1", "0", "1", "2\n"], next()) };
    }
    case "advance":
      return { kind, milliseconds: next() % 9 };
    case "kernelEntry":
      return { kind, cpu, index: 0, value: next() % 3 };
  }
}

function from<Item>(list: readonly Item[], number: number): Item {
  return list[number % list.length] as Item;
}

/** Some pages of a range of what the CPU runs; now and then pages anywhere. */
function pieceOf(state: State, cpu: number, next: Numbers): { readonly page: number; readonly pages: number } {
  const space = state.spaces[state.processes[state.cpus[cpu]?.pid ?? 0]?.space ?? -1];
  const ranges: readonly Range[] = space?.ranges ?? [];
  if (ranges.length === 0 || next() % 10 === 0) return { page: next() % 16, pages: 1 + (next() % 4) };
  const range = from(ranges, next());
  const unit = next() % 4 ? 2 ** (state.geometry.indexBits * (range.leaf - 1)) : 1;
  const first = (next() % (range.pages / unit)) * unit;
  const units = 1 + (next() % Math.max(1, (range.pages - first) / unit));
  return { page: range.page + first, pages: Math.min(units * unit, range.pages - first) };
}

function freePlace({ pages }: { readonly pages: number }, number: number): number {
  const unit = pages % 4 === 0 ? 4 : pages % 2 === 0 ? 2 : 1;
  return (number % 16) * unit;
}

function resized({ pages }: { readonly pages: number }, next: Numbers): number {
  return from([pages, pages, pages * 2, Math.max(1, Math.floor(pages / 2))], next());
}
