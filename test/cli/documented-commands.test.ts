/** Each command line that a document shows is one that the command understands: flags, systems, scopes, mutants, files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { joinedBound } from "../../cli/coherency-flags.js";
import { commandLine } from "../../cli/main.js";
import { loadSystems } from "../../cli/systems.js";

const PAGES = ["README.md", "ARCHITECTURE.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const WORDS = commandLine()
  .commands.map((command) => command.name())
  .join("|");

const text = (page: string) => readFileSync(page, "utf8").replaceAll("\\|", "|");

/** In a block: to the end of the line, a pipe or a remark behind two spaces; in a sentence: between backquotes. */
function shown(page: string): readonly string[] {
  const command = `(?:npx )?pagetwin (?:${WORDS})\\b`;
  const inBlocks = text(page).matchAll(new RegExp(`^ {4,}(?:\\$ )?(${command}.*(?:\\n {10,}\\[.*)*)$`, "gm"));
  const inSentences = text(page).matchAll(new RegExp(`\`(${command} [^\`]*)\``, "g")); // a bare name is no command line
  const blocks = [...inBlocks].map((found) => found[1]!.replace(/\n +/g, " ").split(/ {2,}| \| /)[0]!);
  return [...blocks, ...[...inSentences].map((found) => found[1]!)].map((line) => line.replace(/^npx /, ""));
}

/** Words of a shell; brackets around what may be left out fall away. */
function words(line: string): readonly string[] {
  return [...line.replace(/[[\]]/g, " ").matchAll(/"([^"]*)"|(\S+)/g)].map((found) => found[1] ?? found[2]!);
}

interface Parsed {
  readonly args: readonly string[];
  readonly options: { readonly scope?: string; readonly only?: string };
}

/** @throws CommanderError for a flag or an argument that the command does not know */
function parse(line: string): Parsed {
  const program = commandLine();
  let parsed: Parsed | undefined;
  const harmless = (command: Command): void => {
    command.exitOverride().configureOutput({ outputError: () => {} });
    command.action((...given) => {
      parsed = { args: command.args, options: given.at(-2) };
    });
    for (const below of command.commands) harmless(below);
  };
  for (const command of program.commands) harmless(command);
  program.parse([...joinedBound(["node", ...words(line)])]);
  return parsed!;
}

const isExample = (word: string) => /^[A-Z]+(\.\w+)?$/.test(word) || word.includes("NAME");

describe.each(PAGES.filter((page) => shown(page).length > 0))("%s", (page) => {
  it.each(shown(page).filter((line) => !line.includes("--help")))("%s", async (line) => {
    const { args, options } = parse(line);
    const kind = words(line)[1]!;
    if (kind === "check" || kind === "mutants") {
      const [system] = args.filter((word) => !isExample(word) && word !== "system");
      const systems = await loadSystems(system);
      const scopes = systems.flatMap((each) => [
        ...[...each.scopes, ...each.sampleScopes].map(({ name }) => name),
        ...(each.interleaved ?? []).map(({ name }) => name),
        ...(each.stressed ?? []).map(({ name }) => name),
      ]);
      if (options.scope !== undefined) expect(scopes).toContain(options.scope);
      const mutants = systems.flatMap((each) => each.mutants.map(({ id }) => id));
      const only = options.only?.split(",") ?? [];
      expect(only.filter((id) => !isExample(id) && !mutants.includes(id))).toEqual([]);
    }
    const files = words(line).filter((word) => /^(docs|examples|test)\//.test(word) && !isExample(word));
    expect(files.filter((file) => !existsSync(file.replace(/NAME.*/, "")))).toEqual([]);
  });
});

it("finds commands in blocks and in sentences", () => {
  expect(shown("README.md")).toContain("pagetwin check page-table --scope large-leaf");
  expect(shown("docs/interleavings.md")).toContain(
    'pagetwin check page-cache --scope "o / oou, 16 bits" --executions 100',
  );
  expect(() => parse("pagetwin check --sede 4")).toThrow("unknown option");
});

it("knows each script of the package that a page names", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const named = PAGES.flatMap((page) => [...text(page).matchAll(/npm run ([\w:-]+)/g)].map((found) => found[1]!));
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

it("finds each file and folder that a page names", () => {
  const folders = "cli|model|impl|properties|explore|vocabulary|bench|examples|test|docs";
  const missing = PAGES.flatMap((page) =>
    [...text(page).matchAll(new RegExp(`[\`(]((?:${folders})/[\\w./-]*)[\`)]`, "g"))]
      .map((found) => found[1]!)
      .filter((path) => !existsSync(path) && !existsSync(`${path}.ts`))
      .map((path) => `${page}: ${path}`),
  );
  expect(missing).toEqual([]);
});
