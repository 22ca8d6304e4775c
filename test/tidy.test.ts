/** The rules of the house that a machine can hold. Each has an example that it catches. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

interface Source {
  /** From the root of the project, such as `model/replication/apply.ts`. */
  readonly path: string;
  readonly text: string;
}

/** What each room may import beside itself. `node:*` has a rule of its own. */
const MAY_IMPORT: { readonly [room: string]: readonly string[] } = {
  vocabulary: [],
  model: ["vocabulary", "immer", "ts-pattern"],
  impl: ["vocabulary"],
  explore: [],
  properties: ["vocabulary", "model", "impl", "explore", "fast-check"],
  cli: [
    "properties",
    "explore",
    "impl",
    "vocabulary",
    "ajv",
    "commander",
    "fast-xml-builder",
    "ora",
    "picocolors",
    "table",
  ],
};
const MAY_IMPORT_NODE = ["cli/", "test/", "bench/", "examples/", "properties/engine/"];
/** The one place that looks at a clock, for the time limit that a user gives. */
const CLOCK = "properties/engine/resources.ts";
const ROOMS = Object.keys(MAY_IMPORT);
const OUTSIDE = ["bench", "examples", "test"];
const THIS_FILE = "test/tidy.test.ts";
const LINES_MAX = 350;

/** Texts that must not occur, and where; `everywhere` includes tests and benchmarks. */
const BANNED: readonly { readonly text: RegExp; readonly where: readonly string[]; readonly example: string }[] = [
  { text: /Math\.random/, where: [...ROOMS, "test", "examples"], example: "const node = Math.random() * 4;" },
  { text: /Date\.now|new Date\b/, where: [...ROOMS, "test", "examples"], example: "const seed = Date.now();" },
  { text: /performance\.now|process\.hrtime/, where: ROOMS, example: "const begun = performance.now();" },
  { text: /\bas any\b|<any>|: any\b/, where: [...ROOMS, ...OUTSIDE], example: "const state = found as any;" },
  { text: /@ts-(ignore|nocheck|expect-error)/, where: ROOMS, example: "// @ts-ignore" },
  { text: /\.otherwise\(/, where: ROOMS, example: "match(operation).otherwise(() => state)" },
  { text: /\bconsole\./, where: ROOMS, example: 'console.log("here");' },
  { text: /\bTODO\b|\bFIXME\b|\bXXX\b/, where: [...ROOMS, ...OUTSIDE], example: "// TODO: the other half" },
  { text: /\b(it|test|describe)\.(only|skip|todo)\b/, where: ["test"], example: 'it.only("holds", () => {});' },
  { text: /\beval\(|new Function\(/, where: [...ROOMS, ...OUTSIDE], example: "eval(text)" },
];

const sources: readonly Source[] = [...ROOMS, ...OUTSIDE].flatMap(sourcesUnder);

function sourcesUnder(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(".ts") && path !== THIS_FILE)
    .sort()
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

const roomOf = (path: string): string => path.split("/")[0]!;

const IMPORTS = [
  /^(?:import|export)\s[^;"`=]*?\bfrom\s+"([^"]+)"/gm,
  /^import\s+"([^"]+)"/gm,
  /\bimport\("([^"]+)"\)/g,
  /\bnew URL\("(\.[^"]+)"/g,
];

/** What is imported, statically or not; relative ones as paths from the root, `.ts`. */
function importsOf({ path, text }: Source): string[] {
  return IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)]).map(([, name = ""]) =>
    name.startsWith(".") ? normalize(join(dirname(path), name)).replace(/\.js$/, ".ts") : name,
  );
}

function strayImports(source: Source): string[] {
  const room = roomOf(source.path);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return [];
  return importsOf(source)
    .filter((name) => (name.startsWith("node:") ? !mayImportNode(source.path) : !isAllowed(name, room, allowed)))
    .map((name) => `${source.path} imports ${name}`);
}

function isAllowed(name: string, room: string, allowed: readonly string[]): boolean {
  return roomOf(name) === room || allowed.includes(roomOf(name));
}

function mayImportNode(path: string): boolean {
  return MAY_IMPORT_NODE.some((folder) => path.startsWith(folder));
}

function bannedTexts({ path, text }: Source): string[] {
  const rules = BANNED.filter(({ where }) => where.includes(roomOf(path)));
  return rules
    .filter(({ example }) => path !== CLOCK || !example.includes("performance.now"))
    .flatMap((rule) =>
      text.split("\n").flatMap((line, at) => (rule.text.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
    );
}

function tooLong(files: readonly Source[]): string[] {
  return files
    .filter(({ path, text }) => ROOMS.includes(roomOf(path)) && text.trimEnd().split("\n").length > LINES_MAX)
    .map(({ path }) => path);
}

/** Files that nothing imports, but for the public entries and the command itself. */
function deadFiles(files: readonly Source[]): string[] {
  const imported = new Set(files.flatMap(importsOf));
  const isEntry = (path: string) =>
    path.split("/").length === 2 && (path.endsWith("/index.ts") || path === "cli/main.ts");
  return files
    .map(({ path }) => path)
    .filter((path) => ROOMS.includes(roomOf(path)) && !imported.has(path) && !isEntry(path));
}

describe("imports", () => {
  it.each(ROOMS)("%s/ imports only what the architecture allows", (room) => {
    expect(sources.filter(({ path }) => roomOf(path) === room).flatMap(strayImports)).toEqual([]);
  });

  it.each([
    ["model/a/b.ts", 'import { x } from "../../impl/a/b.js";', "model/a/b.ts imports impl/a/b.ts"],
    ["impl/a/b.ts", 'import type { X } from "../../model/a/b.js";', "impl/a/b.ts imports model/a/b.ts"],
    ["impl/a.ts", 'import { match } from "ts-pattern";', "impl/a.ts imports ts-pattern"],
    ["vocabulary/a.ts", 'export { x } from "../explore/index.js";', "vocabulary/a.ts imports explore/index.ts"],
    ["explore/a.ts", 'const x = await import("../vocabulary/errors.js");', "explore/a.ts imports vocabulary/errors.ts"],
    [
      "properties/replication/a.ts",
      'import { join } from "node:path";',
      "properties/replication/a.ts imports node:path",
    ],
    ["properties/a/b.ts", 'import { run } from "../../cli/main.js";', "properties/a/b.ts imports cli/main.ts"],
    ["cli/a.ts", 'import { apply } from "../model/a/b.js";', "cli/a.ts imports model/a/b.ts"],
    ["model/a.ts", 'import "node:fs";', "model/a.ts imports node:fs"],
  ])("of %s: %s is caught", (path, text, stray) => {
    expect(strayImports({ path, text })).toEqual([stray]);
  });

  it("that are allowed are not caught", () => {
    expect(
      strayImports({ path: "model/a/b.ts", text: 'import { produce } from "immer";\nimport { c } from "./c.js";' }),
    ).toEqual([]);
    expect(
      strayImports({ path: "properties/engine/a.ts", text: 'import { Worker } from "node:worker_threads";' }),
    ).toEqual([]);
  });
});

describe("banned texts", () => {
  it("do not occur", () => {
    expect(sources.flatMap(bannedTexts)).toEqual([]);
  });

  it.each(BANNED)("$text is caught", ({ where, example }) => {
    const path = `${where[0]}/example.ts`;
    expect(bannedTexts({ path, text: `// first line\n${example}\n` })).toEqual([`${path}:2: ${example}`]);
  });
});

describe("files", () => {
  it(`of the rooms have at most ${LINES_MAX} lines`, () => {
    expect(tooLong(sources)).toEqual([]);
    expect(tooLong([{ path: "impl/a.ts", text: "x\n".repeat(LINES_MAX + 1) }])).toEqual(["impl/a.ts"]);
    expect(tooLong([{ path: "impl/a.ts", text: "x\n".repeat(LINES_MAX) }])).toEqual([]);
  });

  it("of the rooms are all imported by something", () => {
    expect(deadFiles(sources)).toEqual([]);
    const used = { path: "model/a.ts", text: "" };
    const user = { path: "test/a.test.ts", text: 'import { x } from "../model/a.js";' };
    expect(deadFiles([used])).toEqual(["model/a.ts"]);
    expect(deadFiles([used, user])).toEqual([]);
  });

  it("have names that say what they hold", () => {
    const vague = /(^|\/)(utils?|helpers?|misc|common)(\/|\.ts$)/;
    expect(sources.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([]);
    expect(vague.test("model/replication/utils.ts")).toBe(true);
    const odd = ({ path }: Source) => !/^[a-z0-9/.-]+$/.test(path);
    expect(sources.filter(odd).map(({ path }) => path)).toEqual([]);
    expect(odd({ path: "model/PageTable.ts", text: "" })).toBe(true);
  });
});
