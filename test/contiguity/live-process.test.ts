import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };
const BIG = "const b = Buffer.alloc(96 << 20, 1); process.stdout.write('ready'); setInterval(() => b, 1 << 30)";

function command(words: readonly string[]): readonly string[] {
  return ["bin/pagetwin.js", "contiguity", ...words];
}

/** The command as a user types it. */
function pagetwin(words: readonly string[], as: { readonly uid?: number; readonly gid?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command(words), { encoding: "utf8", ...as });
  return { code: status, out: stdout, err: stderr };
}

/** The frames of a process are to be seen: root on Linux. */
function canLook(): boolean {
  if (!IS_ROOT || !existsSync("/proc/kpageflags")) return false;
  return pagetwin(["--pid", String(process.pid)]).code === 0;
}

/** S when it sleeps, T when it is stopped. */
function stateOf(pid: number): string {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2)[0]!;
}

async function until(condition: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 2000; tries++) {
    if (condition()) return true;
    await setTimeout(5);
  }
  return false;
}

const sections = (out: string) => (JSON.parse(out) as { sections: { name: string; entries: number }[] }).sections;

if (!canLook()) it("skipped: /proc shows no frames here, which takes Linux and root", () => {});
else
  describe("a child of ours, looked at as a user does", () => {
    let folder = "";
    let child: ChildProcess;
    let pid = "";

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "live-"));
      child = spawn(process.execPath, ["-e", BIG], { stdio: ["ignore", "pipe", "ignore"] });
      pid = String(child.pid);
      await once(child.stdout!, "data");
    });
    afterEach(async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true });
    });

    it("is reported, alone and among all, and as the tool reports it", () => {
      const alone = pagetwin(["--pid", pid, "--json"]);
      expect([alone.code, alone.err]).toEqual([0, ""]);
      const { presentPages } = (JSON.parse(alone.out) as { workingSet: { presentPages: number } }).workingSet;
      expect(presentPages).toBeGreaterThan((96 << 20) / 4096);
      for (const words of [["--pid", "0"], ["--all"]]) {
        const all = pagetwin([...words, "--json"]);
        expect(all.code).toBe(0);
        expect(JSON.parse(all.out).workingSet.presentPages).toBeGreaterThan(presentPages);
        for (const said of all.err.split("\n").slice(0, -1)) {
          expect(said).toMatch(/^process \d+ (is not counted: .*|changed its areas while it was read: .*)$/);
        }
      }
      expect(pagetwin(["--pid", pid, "--compat"]).out).toMatch(/^\n-{10}\nVMA_TLB\n.*working_set: \d+ \(MB\)\n$/s);
    }, 240_000); // every process of the machine is read, twice

    it("is recorded while it is stopped, and goes on", () => {
      const out = join(folder, "snapshot");
      const recorded = pagetwin(["record", "--pid", pid, "--out", out, "--stop"]);
      expect([recorded.code, recorded.err]).toEqual([0, ""]);
      expect(recorded.out).toMatch(/^.*snapshot: \d+ areas, \d+ present pages\n$/);
      expect(stateOf(child.pid!)).not.toBe("T");
      expect(readdirSync(folder)).toEqual(["snapshot"]);
    });

    it("gives the same report as its recording, as long as it is stopped", () => {
      const out = join(folder, "snapshot");
      child.kill("SIGSTOP");
      expect(pagetwin(["record", "--pid", pid, "--out", out]).code).toBe(0);
      const entries = (out: string) => sections(out).find(({ name }) => name === "VMA_TLB")!.entries;
      const live = pagetwin(["--pid", pid, "--json"]);
      expect(entries(pagetwin(["--snapshot", out, "--json"]).out)).toBe(entries(live.out));
    });

    it("goes on when whoever has stopped it is killed, and nothing is half-written", async () => {
      const recorder = spawn(process.execPath, command(["record", "--pid", pid, "--out", join(folder, "x"), "--stop"]));
      const exited = once(recorder, "exit");
      expect(await until(() => stateOf(child.pid!) === "T")).toBe(true);
      recorder.kill("SIGKILL");
      await exited;
      expect(await until(() => stateOf(child.pid!) !== "T")).toBe(true);
      expect(existsSync(join(folder, "x"))).toBe(false);
    });

    it("that was stopped before stays so", () => {
      child.kill("SIGSTOP");
      expect(pagetwin(["record", "--pid", pid, "--out", join(folder, "x"), "--stop"]).code).toBe(0);
      expect(stateOf(child.pid!)).toBe("T");
    });

    it("goes on when the recording fails", () => {
      const file = join(folder, "file");
      writeFileSync(file, "");
      const { code, err } = pagetwin(["record", "--pid", pid, "--out", join(file, "x"), "--stop"]);
      expect([code, err]).toEqual([2, `pagetwin: ${join(file, "x")}: cannot be written (ENOTDIR)\n`]);
      expect(stateOf(child.pid!)).not.toBe("T");
    });

    it("is not recorded over something else", () => {
      const full = join(folder, "full");
      mkdirSync(full);
      writeFileSync(join(full, "letter"), "dear");
      const { code, out, err } = pagetwin(["record", "--pid", pid, "--out", full]);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toBe(`pagetwin: ${full}: holds letter already, expected a new or an empty folder\n`);
      expect(readdirSync(full)).toEqual(["letter"]);
      const empty = join(folder, "empty");
      mkdirSync(empty);
      expect(pagetwin(["record", "--pid", pid, "--out", empty]).code).toBe(0);
      expect(readdirSync(empty).sort()).toEqual(["case.json", "kpageflags.json", "maps.txt", "pagemap.json"]);
      expect(readdirSync(folder).sort()).toEqual(["empty", "full"]);
    });

    it("that is gone is said by each command", async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
      for (const words of [
        ["--pid", pid],
        ["record", "--pid", pid, "--out", join(folder, "x")],
      ]) {
        expect(pagetwin(words)).toEqual({ code: 2, out: "", err: `pagetwin: there is no process ${pid}\n` });
      }
      const stopped = pagetwin(["record", "--pid", pid, "--out", join(folder, "x"), "--stop"]);
      expect([stopped.code, stopped.err]).toEqual([2, `pagetwin: process ${pid}: cannot be sent SIGSTOP (ESRCH)\n`]);
      expect(readdirSync(folder)).toEqual([]);
    });

    it("of a user without rights is refused with one line, its frames being hidden", () => {
      if (pagetwin(["--help"], NOBODY).code !== 0) return; // this folder is closed to others
      const own = spawn("/bin/sleep", ["60"], NOBODY);
      try {
        const { code, out, err } = pagetwin(["--pid", String(own.pid)], NOBODY);
        expect([code, out]).toEqual([2, ""]);
        expect(err).toBe("pagetwin: /proc/kpageflags: cannot be read (EACCES), expected the right of root\n");
        const foreign = pagetwin(["--pid", pid], NOBODY);
        expect([foreign.code, foreign.err]).toEqual([
          2,
          `pagetwin: /proc/${pid}/maps: cannot be read (EACCES), expected the right of root\n`,
        ]);
        const unwritable = pagetwin(["record", "--pid", String(own.pid), "--out", join(folder, "x")], NOBODY);
        expect([unwritable.code, unwritable.err]).toEqual([
          2,
          `pagetwin: ${join(folder, "x")}: cannot be written (EACCES)\n`,
        ]);
        const tool = pagetwin(["--pid", String(own.pid), "--compat"], NOBODY);
        expect([tool.code, tool.err]).toEqual([0, 'Unable to open "/proc/kpageflags" for reading (errno=13). (7)\n']);
      } finally {
        own.kill("SIGKILL");
      }
    });
  });
