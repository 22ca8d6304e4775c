/** The C program after the description of the authors' tool (bench/peers/page-collect.c), where there is a compiler. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { randomSnapshot, writeSnapshot } from "./random-snapshot.js";
import { run } from "./run.js";

export const hasCompiler = spawnSync("gcc", ["--version"]).status === 0;

export function compilePeer(folder: string): string {
  const peer = join(folder, "page-collect");
  const { status, stderr } = spawnSync("gcc", ["-O1", "-o", peer, "bench/peers/page-collect.c", "-lm"]);
  if (status !== 0) throw new Error(String(stderr));
  return peer;
}

/** Both on one snapshot; the lines of the peer's stderr are its complaints. */
export async function both(peer: string, folder: string, seed: number) {
  const place = join(folder, String(seed));
  mkdirSync(place);
  const words = writeSnapshot(place, randomSnapshot(seed));
  const theirs = spawnSync(peer, words, { encoding: "utf8", timeout: 10_000 });
  const ours = await run({ snapshot: place, compat: true });
  rmSync(place, { recursive: true });
  return { theirs: { code: theirs.status, out: theirs.stdout, err: theirs.stderr }, ours };
}
