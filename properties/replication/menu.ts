/** What `sample` can draw in a state of the replication system. Pools are small, so that operations meet. */

import type { AddressSpace, State } from "../../model/replication/state.js";
import { ACCESSES, RIGHTS } from "../../vocabulary/page-table/access.js";
import { NODE_SLOTS, type Operation, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import { PROC_FILES } from "../../vocabulary/replication/proc.js";
import type { Choose, MenuItem } from "../engine/system.js";
import * as op from "./build.js";

type Item = MenuItem<Operation, State>;

/** Pages that one operation populates at most: two leaves of 2 MiB. */
const POPULATED_MAX = 1024;

/** CPUs that run a process. */
function busyCpus({ cpus }: State): readonly number[] {
  const busy: number[] = [];
  for (let cpu = 0; cpu < cpus.length; cpu++) if (cpus[cpu]!.pid !== 0) busy.push(cpu);
  return busy;
}

/** CPUs of the nodes that are online: nobody can run on the others. */
function onlineCpus({ geometry, cpus }: State): readonly number[] {
  return cpus.flatMap((_, cpu) => (geometry.onlineNodes.includes(Math.floor(cpu / geometry.cpusPerNode)) ? [cpu] : []));
}

/** @param pages the pages that stories are about; lengths and targets come from the same pool */
export function menu(pages: readonly number[]): readonly Item[] {
  const item = (name: string, draw: Item["draw"]): Item => ({ name, draw });

  /** An operation by some CPU that runs a process, on that process's address space. */
  const running = (
    name: string,
    draw: (cpu: number, choose: Choose, state: State, space: AddressSpace) => Operation | undefined,
  ): Item =>
    item(name, (state, choose) => {
      const busy = busyCpus(state);
      if (busy.length === 0) return undefined;
      const cpu = choose.from(busy);
      return draw(cpu, choose, state, state.spaces[state.processes[state.cpus[cpu]!.pid]!.space]!);
    });

  const page = (choose: Choose) => choose.from(pages);
  /** A page of some range, mostly; sometimes any. */
  const mapped = (choose: Choose, space: AddressSpace) => {
    if (space.ranges.length === 0 || choose.below(8) === 0) return page(choose);
    const range = choose.from(space.ranges);
    return range.page + choose.below(Math.min(range.pages, 4));
  };
  const part = (choose: Choose, space: AddressSpace): readonly [number, number] => {
    if (space.ranges.length === 0 || choose.below(8) === 0) return [page(choose), 1 + choose.below(3)];
    const range = choose.from(space.ranges);
    const from = choose.below(Math.min(range.pages, 4));
    return [
      range.page + from,
      choose.below(2) === 0 ? range.pages - from : 1 + choose.below(Math.min(range.pages - from, 4)),
    ];
  };
  const anyCpu = (state: State, choose: Choose) => choose.from(onlineCpus(state));
  const freePid = (state: State) => {
    for (let pid = 1; pid <= state.geometry.processes; pid++) if (!state.processes[pid]) return pid;
    return undefined;
  };
  const alive = (state: State) => Object.keys(state.processes).map(Number);
  const anyPid = (state: State, choose: Choose) => choose.from([0, ...alive(state), state.geometry.processes]);
  const nodes = (state: State, choose: Choose) =>
    Array.from({ length: state.geometry.nodes }, (_, node) => node).filter(() => choose.below(3) > 0);
  const mask = (state: State, choose: Choose) =>
    choose.from([1, 1, 2 ** state.geometry.nodes - 1, 3, 5, 6, 2, 0b1000_0000_0011, 200]);
  const withPid = (state: State, make: (pid: number) => Operation) => {
    const pid = freePid(state);
    return pid === undefined ? undefined : make(pid);
  };

  return [
    item("touch", (state, choose) => {
      const busy = busyCpus(state);
      if (busy.length === 0) return undefined;
      const cpu = choose.from(busy);
      const space = state.spaces[state.processes[state.cpus[cpu]!.pid]!.space]!;
      return op.touch(cpu, mapped(choose, space), choose.from(ACCESSES));
    }),
    running("touch again", (cpu, choose, _, space) =>
      op.touch(cpu, mapped(choose, space), choose.from(["write", "read"] as const)),
    ),
    running("map", (cpu, choose, state) => {
      const leaf = choose.from([1, 1, 1, 2, 3] as const);
      const span = 2 ** (state.geometry.indexBits * (leaf - 1));
      const length = leaf === 1 ? 1 + choose.below(4) : span * (1 + choose.below(2));
      return op.map(cpu, Math.floor(page(choose) / span) * span, length, {
        rights: choose.from(["rw-", "rw-", "rw-", "r--", "r-x", "rwx", "---"] as const),
        sharing: choose.from(["private", "private", "shared"] as const),
        leaf,
        // Only where few leaves result, even small ones for want of runs: the reference looks at all of them for each.
        populate: length <= POPULATED_MAX && length / span <= 16 && choose.below(4) === 0,
      });
    }),
    running("unmap", (cpu, choose, _, space) => op.unmap(cpu, ...part(choose, space))),
    running("protect", (cpu, choose, _, space) => {
      const [from, length] = part(choose, space);
      return op.protect(cpu, from, choose.from(RIGHTS), length);
    }),
    running("discard", (cpu, choose, _, space) => op.discard(cpu, ...part(choose, space))),
    running("remap", (cpu, choose, _, space) => {
      const [from, length] = part(choose, space);
      return op.remap(
        cpu,
        from,
        length,
        choose.below(4) === 0 ? from : page(choose),
        Math.max(1, length + choose.below(3) - 1),
      );
    }),
    running("alias", (cpu, choose, _, space) => {
      const shared = space.ranges.filter((range) => range.sharing === "shared");
      if (shared.length === 0) return undefined;
      const range = choose.from(shared);
      return op.alias(cpu, range.page, page(choose), range.pages);
    }),
    running("policy", (cpu, choose, state) => op.policy(cpu, choose.below(state.geometry.nodes + 1) - 1)),
    running("read", (cpu, choose, _, space) => op.read(cpu, mapped(choose, space))),
    running("age", (cpu, choose, _, space) => op.age(cpu, mapped(choose, space))),
    running("clean", (cpu, choose, _, space) => op.clean(cpu, mapped(choose, space))),
    running("moveStart", (cpu, choose, state, space) =>
      op.moveStart(cpu, mapped(choose, space), choose.below(state.geometry.nodes)),
    ),
    running("moveFinish", (cpu, choose, _, space) => op.moveFinish(cpu, mapped(choose, space))),
    running("split", (cpu, choose, _, space) => op.split(cpu, mapped(choose, space))),
    running("collapse", (cpu, choose, _, space) =>
      op.collapse(cpu, mapped(choose, space), choose.from([2, 3] as const)),
    ),
    item("spawn", (state, choose) => withPid(state, (pid) => op.spawn(anyCpu(state, choose), pid))),
    item("switch", (state, choose) => op.switchTo(anyCpu(state, choose), choose.from([...alive(state), 0]))),
    running("fork", (cpu, _, state) => withPid(state, (pid) => op.fork(cpu, pid))),
    running("clone", (cpu, choose, state) =>
      withPid(state, (pid) => op.clone(cpu, pid, choose.from(["own", "callers"] as const))),
    ),
    running("exec", (cpu, choose) => op.exec(cpu, choose.below(4) === 0)),
    running("exit", (cpu) => op.exit(cpu)),
    running("enable", (cpu, choose, state) => op.enable(cpu, nodes(state, choose), choose.from(alive(state)))),
    running("enableExternal", (cpu, choose, state) => ({
      kind: "enableExternal",
      cpu,
      pid: choose.from(alive(state)),
      nodes: nodes(state, choose),
    })),
    running("disable", (cpu, choose, state) => op.disable(cpu, choose.from(alive(state)))),
    running("initialise", (cpu, choose, state) => ({
      kind: "initialise",
      cpu,
      pid: choose.from([null, 0, ...alive(state)]),
    })),
    running("setReplication", (cpu, choose, state) =>
      op.setReplication(cpu, choose.below(4) === 0 ? 0 : mask(state, choose), anyPid(state, choose)),
    ),
    running("replicate", (cpu) => op.setReplication(cpu, 1)),
    running("getReplication", (cpu) => op.getReplication(cpu)),
    running("setCacheOnly", (cpu, choose, state) => op.setCacheOnly(cpu, choose.below(3), anyPid(state, choose))),
    running("getCacheOnly", (cpu, choose, state) => op.getCacheOnly(cpu, anyPid(state, choose))),
    running("setSteering", (cpu, choose, state) => ({
      kind: "setSteering",
      cpu,
      vector:
        choose.below(12) === 0
          ? choose.from(["null", "fault"] as const)
          : Array.from({ length: NODE_SLOTS }, () =>
              choose.below(2) === 0 ? STEERING_AUTO : choose.below(state.geometry.nodes + 1),
            ),
      pid: choose.from([0, 0, anyPid(state, choose)]),
    })),
    running("steer", (cpu, choose, _, space) =>
      space.nodes.length === 0 ? undefined : op.steer(cpu, { [choose.below(4)]: choose.from(space.nodes) }),
    ),
    running("getSteering", (cpu, choose, state) => ({
      kind: "getSteering",
      cpu,
      vector: choose.from(["ok", "ok", "null", "fault"] as const),
      pid: anyPid(state, choose),
    })),
    item("readProc", (_, choose) => op.readProc(choose.from(PROC_FILES))),
    item("writeProc", (state, choose) => {
      const file = choose.from(["mode", "inherit", "cache", "cache", "history", "status"] as const);
      return op.writeProc(
        anyCpu(state, choose),
        file,
        choose.from(["1", "-1", " 0\n", "3", "-2", "+2", "7x", "", "-0", "99999999999999999"]),
      );
    }),
    item("advance", (_, choose) => op.advance(1 + choose.below(1000))),
    item("flush", (state, choose) => op.flush(anyCpu(state, choose))),
    item("kernelEntry", (state, choose) =>
      state.geometry.kernelRootEntries === 0
        ? undefined
        : op.kernelEntry(anyCpu(state, choose), choose.below(state.geometry.kernelRootEntries), choose.below(16)),
    ),
  ];
}
