/** What the files in /proc/mitosis show. */
import type { ProcFile } from "../../../vocabulary/replication/proc.js";
import type { Kernel } from "../kernel.js";
import { activeText } from "./active-table.js";
import { cacheText } from "./cache-table.js";
import { historyText } from "./history-text.js";
import { ended } from "./lines.js";
import { statusText } from "./status.js";

export function procText(kernel: Kernel, file: ProcFile): string {
  return linesOf(kernel, file).map(ended).join("");
}

function linesOf(kernel: Kernel, file: ProcFile): readonly string[] {
  switch (file) {
    case "status":
      return statusText(kernel);
    case "active":
      return activeText(kernel);
    case "history":
      return historyText(kernel);
    case "cache":
      return cacheText(kernel);
    case "mode":
      return [String(kernel.spaces.mode())];
    case "inherit":
      return [kernel.spaces.inherits() ? "1" : "-1"];
  }
}
