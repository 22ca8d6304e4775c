/** What a read of a file in /proc/mitosis gives. */
import { match } from "ts-pattern";
import type { ProcFile } from "../../../vocabulary/replication/proc.js";
import type { State } from "../state.js";
import { activeText } from "./active-text.js";
import { cacheText } from "./cache-text.js";
import { text } from "./columns.js";
import { historyText } from "./history-text.js";
import { statusText } from "./status-text.js";

export function procText(state: State, file: ProcFile): string {
  return match(file)
    .with("status", () => statusText(state))
    .with("active", () => activeText(state))
    .with("history", () => historyText(state))
    .with("cache", () => cacheText(state))
    .with("mode", () => text([String(state.mode)]))
    .with("inherit", () => text([String(state.inherit)]))
    .exhaustive();
}
