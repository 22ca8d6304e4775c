import { defineConfig } from "vitest/config";

/** The long searches: `npm run verify`. Same style of tests, larger scopes, no time limit worth the name. */
export default defineConfig({
  test: {
    include: ["test/**/*.verify.test.ts"],
    testTimeout: 3_600_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
