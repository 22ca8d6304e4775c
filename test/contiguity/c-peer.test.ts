import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { both, compilePeer, hasCompiler } from "./c-peer.js";

const SEEDS = 50;

if (!hasCompiler) it("skipped: the peer in C needs gcc", () => {});
else
  describe("--compat and a program in C, written after the same description", () => {
    let folder = "";
    let peer = "";
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "c-peer-"));
      peer = compilePeer(folder);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it(`print the same bytes for ${SEEDS} random snapshots, and end or do not end on the same ones`, async () => {
      let [endless, complaints] = [0, 0];
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { theirs, ours } = await both(peer, folder, seed);
        expect([seed, ours.code]).toEqual([seed, theirs.code]);
        if (theirs.code === 2) endless++;
        else expect([seed, ours.out, ours.err]).toEqual([seed, theirs.out, theirs.err]);
        if (theirs.code === 0 && theirs.err !== "") complaints++;
      }
      expect(complaints).toBeGreaterThan(3);
      expect(endless).toBeLessThan(SEEDS / 4);
    });
  });
