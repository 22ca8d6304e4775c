/** Operations and answers of the machine as a person would say them. */
import type { MachineOperation, MachineOutcome } from "../../vocabulary/contiguity/machine.js";

export function describe(operation: MachineOperation): string {
  switch (operation.kind) {
    case "spawn":
      return "begin";
    case "map":
      return `map pages ${operation.first} to ${operation.end - 1} as area ${operation.area}${operation.file === undefined ? "" : ` of file ${operation.file}`}`;
    case "call":
      return `call with option ${operation.option}, list [${operation.list}]`;
    case "move":
      return `runs on node ${operation.node} from now on`;
    case "exec":
      return `execute program ${operation.name}`;
    case "create":
      return `file ${operation.file} of ${operation.pages} pages comes into being`;
    case "read":
      return `read page ${operation.page} of file ${operation.file}${onNode(operation.node)}`;
    case "evict":
      return `page ${operation.page} of file ${operation.file} leaves memory`;
    case "delete":
      return `file ${operation.file} goes`;
    case "enable":
      return `contiguity-aware paging ${operation.on ? "on" : "off"}`;
    case "fault":
      return `fault on page ${operation.page}, ${2 ** operation.order} pages${onNode(operation.node)}`;
    case "copy":
      return `write to shared page ${operation.page}${onNode(operation.node)}`;
    case "unmap":
      return `unmap page ${operation.page}`;
    case "fork":
      return `fork process ${operation.child}`;
    case "exit":
      return "exit";
    case "take":
      return `take ${2 ** operation.order} frames${onNode(operation.node)}`;
    case "give":
      return `give the block at frame ${operation.frame} back`;
  }
}

const onNode = (node: number | undefined): string => (node === undefined ? "" : ` on node ${node}`);

export function describeAnswer(answer: MachineOutcome): string {
  switch (answer.kind) {
    case "done":
      return "done";
    case "frame":
      return `frame ${answer.frame}, ${2 ** answer.order} frames (${answer.way})`;
    case "none":
      return answer.endless ? "no memory, tried again for ever" : "no memory";
    case "fatal":
      return `the kernel stops: ${answer.assertion}`;
  }
}
