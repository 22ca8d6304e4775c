import { defineConfig } from "vitest/config";
import { compiled } from "./vitest.shared.js";

/** The long searches: `npm run verify`. Same style of tests, larger scopes, no time limit worth the name. */
export default defineConfig({
  resolve: compiled,
  test: {
    include: ["test/**/*.verify.test.ts"],
    globalSetup: "test/build-first.ts",
    env: { NO_COLOR: "1" }, // tests read what commands print; a CI machine may force colours
    testTimeout: 3_600_000,
    server: { deps: { external: [/\/dist\//] } },
    pool: "forks",
    maxWorkers: 2,
    execArgv: ["--max-old-space-size=8192"],
  },
});
