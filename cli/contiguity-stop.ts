/** Keeps a process stopped while something is done, and lets it go on whatever becomes of us. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PagetwinError } from "../vocabulary/errors.js";
import { reasonOf } from "./contiguity-files.js";

/** Waits for the end of its input, which comes when we close it or when we are no more, however that happens. */
const CONTINUE_WHEN_ALONE = 'cat >/dev/null; kill -CONT "$0"';

/** Does `work` while the process is stopped. One that was stopped before stays so. @throws PagetwinError `FORMAT` */
export function whileStopped<Result>(root: string, pid: number, work: () => Result): Result {
  if (isStopped(root, pid)) return work();
  const guard = guardOf(pid);
  try {
    signal(pid, "SIGSTOP");
    return work();
  } finally {
    signal(pid, "SIGCONT");
    guard.stdin?.end();
  }
}

/** A process of its own session: no signal from our terminal reaches it. */
function guardOf(pid: number): ChildProcess {
  const guard = spawn("/bin/sh", ["-c", CONTINUE_WHEN_ALONE, String(pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => {}); // without a shell there is no guard, and the process goes on when we are done
  guard.stdin?.on("error", () => {});
  guard.unref();
  return guard;
}

/** The state follows the name in parentheses, which may hold anything. */
function isStopped(root: string, pid: number): boolean {
  try {
    const text = readFileSync(join(root, String(pid), "stat"), "utf8");
    return text.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3) === "T";
  } catch {
    return false; // the signal says what is wrong
  }
}

function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (name === "SIGCONT" && reasonOf(error) === "ESRCH") return; // it was killed while it was stopped
    throw new PagetwinError("FORMAT", `process ${pid}: cannot be sent ${name} (${reasonOf(error)})`);
  }
}
