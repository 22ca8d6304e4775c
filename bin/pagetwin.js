#!/usr/bin/env node
// The committed stub of the command: the command itself is compiled into dist/ by `npm ci` (its prepare script).
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(main)) {
  const { run } = await import(main.href);
  await run(process.argv);
} else {
  process.stderr.write("pagetwin: dist/ is missing; run `npm ci` (or `npm run build`) in the checkout first\n");
  process.exitCode = 2;
}
