import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "./run.js";

const REPORTS = join(import.meta.dirname, "fixtures/reports");

describe("--compat prints the authors' tool's output byte for byte", () => {
  it.each(readdirSync(REPORTS))("%s", async (name) => {
    const folder = join(REPORTS, name);
    const { code, out, err } = await run({ snapshot: folder, compat: true });
    const description = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as {
      stdout: string;
      stderr: string;
    };
    expect(out).toBe(readFileSync(join(folder, "expected.txt"), "utf8"));
    expect(err).toBe(description.stdout + description.stderr);
    expect(code).toBe(0);
  });
});
