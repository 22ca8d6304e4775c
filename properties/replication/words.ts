/** Operations and answers as a person would say them. */
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";

export function actor(operation: Operation): string {
  return "cpu" in operation ? `cpu ${operation.cpu}` : "system";
}

export function describe(operation: Operation): string {
  switch (operation.kind) {
    case "spawn":
      return `spawn process ${operation.pid}`;
    case "switch":
      return operation.pid === 0 ? "go idle" : `switch to process ${operation.pid}`;
    case "fork":
      return `fork process ${operation.pid}`;
    case "clone":
      return `${operation.group === "own" ? "vfork process" : "start thread"} ${operation.pid}`;
    case "exec":
      return operation.fails ? "exec (fails)" : "exec";
    case "exit":
      return "exit";
    case "map": {
      const leaf = operation.leaf === 1 ? "" : `, leaves up to level ${operation.leaf}`;
      return `map ${pages(operation)} ${operation.rights} ${operation.sharing}${leaf}${operation.populate ? ", populate" : ""}`;
    }
    case "unmap":
    case "discard":
      return `${operation.kind} ${pages(operation)}`;
    case "protect":
      return `protect ${pages(operation)} ${operation.rights}`;
    case "remap":
      return `remap ${pages(operation)} to ${pages({ page: operation.to, pages: operation.toPages })}`;
    case "alias":
      return `alias ${pages(operation)} at page ${operation.to}`;
    case "policy":
      return operation.node < 0 ? "data where touched" : `data on node ${operation.node}`;
    case "touch":
      return `touch page ${operation.page}, ${operation.access}`;
    case "read":
    case "age":
    case "clean":
    case "split":
      return `${operation.kind} page ${operation.page}`;
    case "moveStart":
      return `start moving page ${operation.page} to node ${operation.node}`;
    case "moveFinish":
      return `finish moving page ${operation.page}`;
    case "collapse":
      return `collapse page ${operation.page} to level ${operation.level}`;
    case "initialise":
    case "disable":
      return `${operation.kind} ${target(operation.pid)}`;
    case "enable":
    case "enableExternal":
      return `${operation.kind} ${target(operation.pid)} on nodes {${operation.nodes}}`;
    case "setReplication":
      return `prctl 100: mask ${operation.mask}${ofProcess(operation.pid)}`;
    case "getReplication":
      return "prctl 101";
    case "setCacheOnly":
      return `prctl 102: ${operation.value}${ofProcess(operation.pid)}`;
    case "getCacheOnly":
      return `prctl 103${ofProcess(operation.pid)}`;
    case "setSteering": {
      const vector = typeof operation.vector === "string" ? operation.vector : `[${operation.vector}]`;
      return `prctl 104: steer ${vector}${ofProcess(operation.pid)}`;
    }
    case "getSteering":
      return `prctl 105${operation.vector === "ok" ? "" : `: ${operation.vector}`}${ofProcess(operation.pid)}`;
    case "readProc":
      return `read /proc/mitosis/${operation.file}`;
    case "writeProc":
      return `write ${JSON.stringify(operation.text)} to /proc/mitosis/${operation.file}`;
    case "advance":
      return `${operation.milliseconds} ms pass`;
    case "flush":
      return "flush TLB";
    case "kernelEntry":
      return `kernel entry ${operation.index} := ${operation.value}`;
  }
}

export function describeAnswer(outcome: Outcome): string {
  switch (outcome.kind) {
    case "ok":
      return outcome.value === 0 ? "ok" : `ok, ${outcome.value}`;
    case "error":
      return outcome.errno;
    case "touched":
      return `served by ${outcome.served}`;
    case "segfault":
      return `segfault: ${outcome.reason}`;
    case "waits":
      return "waits";
    case "entry": {
      const bits = `${outcome.accessed ? "A" : "-"}${outcome.dirty ? "D" : "-"}`;
      return `level ${outcome.level}, frame ${outcome.frame}, ${outcome.rights}, ${bits}`;
    }
    case "absent":
      return "absent";
    case "steering":
      return `[${outcome.vector}]`;
    case "text":
      return outcome.text.includes("\n", 0) && outcome.text.length > 40
        ? `${outcome.text.length} characters`
        : outcome.text.trim();
  }
}

function pages(range: { readonly page: number; readonly pages: number }): string {
  return range.pages === 1 ? `page ${range.page}` : `pages ${range.page}–${range.page + range.pages - 1}`;
}

function target(pid: number | null): string {
  return pid === null ? "null" : pid === 0 ? "the kernel" : `process ${pid}`;
}

function ofProcess(pid: number): string {
  return pid === 0 ? "" : ` of process ${pid}`;
}
