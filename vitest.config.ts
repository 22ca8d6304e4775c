import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.verify.test.ts", "node_modules/**"],
    testTimeout: 60_000,
    // Two cores: a pool as wide as the machine, files kept apart so that no two systems share compiled code.
    pool: "forks",
    maxWorkers: 2,
    reporters: process.env.PAGETWIN_TEST_REPORT ? ["default", "json"] : ["default"],
    ...(process.env.PAGETWIN_TEST_REPORT ? { outputFile: { json: process.env.PAGETWIN_TEST_REPORT } } : {}),
  },
});
