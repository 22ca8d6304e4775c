/**
 * Before any test: compile, so that what is tested is what is shipped, at the speed it is shipped with. Types are checked
 * by `npm run typecheck`; a test of one system need not wait for another's.
 */
import { execFileSync } from "node:child_process";

export default function build(): void {
  execFileSync("npx", ["tsc", "-p", "tsconfig.build.json", "--noCheck"], { stdio: "inherit" });
}
