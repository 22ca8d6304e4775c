import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { wantsColours } from "../../cli/colours.js";

describe("colours", () => {
  it("are for terminals, unless the environment asks otherwise", () => {
    expect(wantsColours({}, true)).toBe(true);
    expect(wantsColours({}, false)).toBe(false);
    expect(wantsColours({ TERM: "dumb" }, true)).toBe(false);
    expect(wantsColours({ CI: "true" }, false)).toBe(false);
    expect(wantsColours({ FORCE_COLOR: "1" }, false)).toBe(true);
    expect(wantsColours({ FORCE_COLOR: "0" }, true)).toBe(false);
    expect(wantsColours({ FORCE_COLOR: "1", NO_COLOR: "1" }, true)).toBe(false);
  });

  it("do not reach a pipe on a CI machine, and do where they are forced", () => {
    const command = fileURLToPath(new URL("../../bin/pagetwin.js", import.meta.url));
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
    const check = (more: Record<string, string>) =>
      spawnSync(process.execPath, [command, "check", "page-table", "--runs", "1"], {
        encoding: "utf8",
        env: { ...env, ...more },
      });
    const piped = check({ CI: "true" });
    expect(piped.status).toBe(0);
    expect(piped.stdout).toContain("held");
    expect(piped.stdout).not.toContain("\u001b");
    expect(check({ FORCE_COLOR: "1" }).stdout).toContain("\u001b[32mheld");
  });
});
