/** Runs `pagetwin` inside a test: what it says goes to strings, findings to a folder that the test removes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { run } from "../../cli/main.js";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** To be called once in a test file, outside all tests. */
export function commandLine() {
  let folder = "";
  let out = "";
  let err = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pagetwin-coherency-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      err += String(text);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.stdout.removeAllListeners("error");
    process.exitCode = undefined;
  });
  const pagetwin = async (...words: readonly string[]): Promise<Said> => {
    out = "";
    err = "";
    process.exitCode = undefined;
    await run(["node", "pagetwin", ...words]);
    return { code: Number(process.exitCode ?? 0), out, err };
  };
  /** `check coherency` with these flags, separated by blanks. */
  const check = (flags: string): Promise<Said> =>
    pagetwin("check", "coherency", "--quiet", "--json", "--findings", folder, ...flags.split(" "));
  return { pagetwin, check, folder: () => folder };
}
