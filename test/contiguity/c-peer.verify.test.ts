import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { both, compilePeer, hasCompiler } from "./c-peer.js";

const FIRST = 1001;
const SEEDS = 500;

if (!hasCompiler) it("skipped: the peer in C needs gcc", () => {});
else
  it(`--compat and the peer in C print the same bytes for ${SEEDS} random snapshots`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "c-peer-"));
    try {
      const peer = compilePeer(folder);
      for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
        const { theirs, ours } = await both(peer, folder, seed);
        expect([seed, ours.code]).toEqual([seed, theirs.code]);
        if (theirs.code === 0) expect([seed, ours.out, ours.err]).toEqual([seed, theirs.out, theirs.err]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
