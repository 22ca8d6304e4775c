/**
 * What the memory port costs in production: the same code with and without it, in one run.
 *
 *   npm run build && npm run bench:port-price [-- rounds]
 *
 * The twin without a port is made from the compiled code of access leaf by leaf: each call of the port is replaced by
 * the access to the array of words that the plain port makes. The two are processes of their own and run in turn; what
 * counts is the CPU time, as in bench/page-table.ts.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LeafAccess } from "../impl/replication/leaf-access.js";
import type { Replication } from "../impl/replication/replication.js";
import { KINDS, measure, type Speeds } from "./leaf-passes.js";
import { medianRatio } from "./median.js";

const ROUNDS = 9;
const REPLICAS = [1, 8] as const;
const COPIED = ["leaf-access"] as const;
const COMPILED = new URL("../impl/replication/", import.meta.url);

/** The statements of the plain port, as expressions over the array of words. */
const DIRECT: { readonly [call: string]: (index: string, value: string) => string } = {
  load: (index) => `WORDS[${index}]`,
  store: (index, value) => `WORDS[${index}] = ${value}`,
  exchange: (index, value) => `swap(WORDS, ${index}, ${value})`,
  add: (index, value) => `added(WORDS, ${index}, ${value})`,
  or: (index, value) => `WORDS[${index}] |= ${value}`,
};
const HELPERS = `
function swap(words, index, value) { const old = words[index]; words[index] = value; return old; }
function added(words, index, amount) { const old = words[index]; words[index] = old + amount; return old; }
`;

/** The text between a parenthesis at `open` and the one that closes it, split at the commas of its own level. */
function argumentsAt(text: string, open: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts = [""];
  let depth = 0;
  for (let at = open + 1; ; at++) {
    const char = text[at];
    if (char === undefined) throw new Error("a call of the port does not end");
    if (char === ")" && depth === 0) return { parts: parts.map((part) => part.trim()), end: at + 1 };
    if ("([{".includes(char)) depth++;
    if (")]}".includes(char)) depth--;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
}

/** Replaces every call of the port in a compiled module. */
function withoutPort(text: string): string {
  const call = /\b((?:this\.)?memory)\.([a-zA-Z]+)\(/g;
  let result = "";
  let from = 0;
  for (let found = call.exec(text); found !== null; found = call.exec(text)) {
    const [, port, name] = found;
    const direct = DIRECT[name!];
    if (direct === undefined) throw new Error(`no access without a port is known for ${name}`);
    const { parts, end } = argumentsAt(text, call.lastIndex - 1);
    const [, index, value = ""] = parts;
    result += text.slice(from, found.index) + direct(index!, value).replace("WORDS", `${port}.words`);
    from = end;
    call.lastIndex = end;
  }
  return result + text.slice(from) + HELPERS;
}

/** Writes the modules without the port into `folder`; what they import besides each other stays where it is. */
function writeTwins(folder: string): void {
  for (const name of COPIED) {
    const text = readFileSync(new URL(`${name}.js`, COMPILED), "utf8");
    const placed = text.replace(/from "(\.[^"]+)"/g, (whole, path: string) =>
      COPIED.some((copied) => path === `./${copied}.js`)
        ? whole.replace(".js", ".mjs")
        : `from "${new URL(path, COMPILED).href}"`,
    );
    writeFileSync(join(folder, `${name}.mjs`), withoutPort(placed));
  }
}

async function measureTwin(folder: string, replicas: number): Promise<Speeds> {
  const { LeafAccess: Twin } = await import(pathToFileURL(join(folder, "leaf-access.mjs")).href);
  return measure(replicas, "plain", "ascending", (system: Replication): LeafAccess => new Twin(system.kernel, 0, 0));
}

function childRun(...args: readonly string[]): Speeds {
  return JSON.parse(
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--one", ...args], { encoding: "utf8" }),
  );
}

function main(rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), "pagetwin-port-price-"));
  try {
    writeTwins(folder);
    process.stdout.write(`time with the plain port against the same code without; medians of ${rounds}\n`);
    for (const replicas of REPLICAS) {
      const ported: Speeds[] = [];
      const bare: Speeds[] = [];
      for (let round = 0; round < rounds; round++) {
        ported.push(childRun(String(replicas)));
        bare.push(childRun(String(replicas), folder));
      }
      const of = (runs: readonly Speeds[], kind: number) => runs.map((speeds) => speeds[kind]!);
      const prices = KINDS.map((name, kind) => `${name} ${medianRatio(of(bare, kind), of(ported, kind)).toFixed(2)} x`);
      process.stdout.write(`${replicas} replica${replicas === 1 ? " " : "s"}   ${prices.join("   ")}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first, replicas, folder] = process.argv.slice(2);
if (first === "--one") {
  const speeds =
    folder === undefined
      ? measure(Number(replicas), "plain", "ascending")
      : await measureTwin(folder, Number(replicas));
  process.stdout.write(JSON.stringify(speeds));
} else {
  main(Number(first ?? ROUNDS));
}
