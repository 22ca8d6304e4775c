import { defineConfig } from "vitest/config";
import { compiled } from "./vitest.shared.js";

const report = process.env.PAGETWIN_TEST_REPORT;

export default defineConfig({
  resolve: compiled,
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.verify.test.ts", "node_modules/**"],
    globalSetup: "test/build-first.ts",
    env: { NO_COLOR: "1" }, // tests read what commands print; a CI machine may force colours
    testTimeout: 60_000,
    server: { deps: { external: [/\/dist\//] } },
    // Two cores: a pool as wide as the machine, files kept apart so that no two systems share compiled code.
    pool: "forks",
    maxWorkers: 2,
    reporters: report ? ["default", "json"] : ["default"],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
