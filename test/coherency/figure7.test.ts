import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { figure7 } from "../../cli/figure7.js";
import { threadedCells } from "../../cli/figure7-threads.js";
import { type Cell, experiments, figureCells, messagesOf, requestsOf } from "../../properties/coherency/figure7-run.js";
import { STATEMENTS } from "../../properties/coherency/figure7-statements.js";

const options = { profile: "normative", channels: "unordered", seed: 1, runs: 10 } as const;
/** Case, size, Fetch, Fetch_Write and Invalid after 90 iterations. */
const PINNED = [
  ["read/read", "< 1 page", 6.4, 0.3, 3],
  ["read/read", "1 page", 6.4, 0.3, 3],
  ["read/read", "64 pages", 132.2, 0.3, 2.8],
  ["write/read", "< 1 page", 7.4, 0.3, 4.4],
  ["write/read", "1 page", 8, 0.3, 5.1],
  ["write/read", "64 pages", 311.1, 0.3, 181.7],
  ["write/write", "< 1 page", 7, 1.3, 6.6],
  ["write/write", "1 page", 7.3, 1.6, 7.5],
  ["write/write", "64 pages", 2581.1, 23.9, 2562.9],
];

const cells = figureCells(options);
const tables = [
  cells,
  figureCells({ ...options, seed: 100, runs: 5 }),
  figureCells({ ...options, seed: 200, runs: 5 }),
];

describe("the paper's Figure 7", () => {
  it.each(STATEMENTS)("$id: $says", ({ contradictions }) => {
    expect(tables.map(contradictions)).toEqual([[], [], []]);
  });

  it("counts what it counted before", () => {
    const shown = cells
      .filter(({ iterations }) => iterations === 90)
      .map(({ case: name, size, fetch, fetchWrite, invalid }) => [name, size, fetch, fetchWrite, invalid]);
    expect(shown).toEqual(PINNED);
  });

  it("with one queue for all messages of a pair, two writers follow each other through the 64 pages", () => {
    const fifo = figureCells({ ...options, channels: "fifo", runs: 3 });
    const large = STATEMENTS.find(({ id }) => id === "7c-7d")!;
    expect(large.contradictions(fifo).length).toBeGreaterThan(0);
  });

  it.each(STATEMENTS)("$id is contradicted by other counts", ({ id, contradictions }) => {
    expect(contradictions(cells.map((cell) => ({ ...cell, ...SPOILT[id]!(cell) })))).not.toEqual([]);
  });
});

/** Counts that contradict a statement. */
const SPOILT: { readonly [id: string]: (cell: Cell) => Partial<Cell> } = {
  "7b": ({ iterations }) => ({ fetch: iterations }),
  "7c": () => ({ fetch: 5, fetchWrite: 0 }),
  "7d": () => ({ invalid: 5 }),
  "7c-7d": () => ({ silent: 0 }),
  "7": ({ size }) => ({ invalid: size === "1 page" ? 50 : 5 }),
};

it("adds counts to one decimal, without what sums of binary fractions leave behind", () => {
  const counts = { fetch: 0.1, fetchWrite: 0.2, invalid: 6754.4, silent: 0 };
  expect([requestsOf(counts), messagesOf(counts)]).toEqual([0.3, 6754.7]);
});

it("runs the same experiments on real threads: one point of each case", async () => {
  const chosen = experiments().filter(({ size, iterations }) => size === "1 page" && iterations === 10);
  const points = await threadedCells({ ...options, runs: 1 }, chosen);
  expect(points.map((point) => [point.case, point.size, point.iterations])).toEqual([
    ["read/read", "1 page", 10],
    ["write/read", "1 page", 10],
    ["write/write", "1 page", 10],
  ]);
  // Both kernels fetch the shared variable and the second one the array; a writer invalidates what the other has.
  for (const { fetch, invalid, silent } of points) {
    expect(fetch).toBeGreaterThanOrEqual(3);
    expect(invalid).toBeGreaterThanOrEqual(1);
    expect(silent).toBeGreaterThanOrEqual(0);
    expect(silent).toBeLessThanOrEqual(20);
  }
});

describe("pagetwin figure7", () => {
  it("prints the table and what the paper says, and writes the three panels", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "pagetwin-")), "figure.svg");
    let said = "";
    const code = await figure7({ out: file, runs: "2" }, (text) => {
      said += text;
    });
    expect(code).toBe(0);
    expect(said).toContain("logical clock, seed 1");
    expect(said).toMatch(/^7d +holds +two writers/m);
    const picture = readFileSync(file, "utf8");
    expect(picture.match(/stroke-width="2"/g)?.length).toBe(3 * 6 + 6); // curves, and the legend's
    for (const title of ["both threads read", "one writes, one reads", "both threads write"])
      expect(picture).toContain(title);
  });

  it("prints a document that keeps to its schema", async () => {
    let said = "";
    await figure7({ json: true, runs: "1" }, (text) => {
      said += text;
    });
    const schema = JSON.parse(readFileSync("docs/schemas/figure7-1.schema.json", "utf8"));
    const validate = new Ajv2020().compile(schema);
    expect(validate(JSON.parse(said)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...JSON.parse(said), engine: "guess" })).toBe(false);
  });

  it("tells where the printed rules make the kernels wait for each other, and ends with 1", async () => {
    let said = "";
    const out = (text: string) => {
      said += text;
    };
    expect(await figure7({ profile: "literal", runs: "10" }, out)).toBe(1);
    expect(said).toMatch(
      /a run does not come to its end\n {2}\S+, \d+ words, \d+ iterations, seed \d+: all kernels wait/,
    );
    said = "";
    expect(await figure7({ profile: "literal", runs: "10", json: true }, out)).toBe(1);
    expect(JSON.parse(said)).toMatchObject({ cells: [], statements: [] });
    const validate = new Ajv2020().compile(JSON.parse(readFileSync("docs/schemas/figure7-1.schema.json", "utf8")));
    expect(validate(JSON.parse(said)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    [{ runs: "0" }, '--runs is "0": expected an integer from 1 to 1000'],
    [{ seed: "-1" }, '--seed is "-1": expected'],
    [{ channels: "lossy" }, "--channels"],
    [{ profile: "best" }, "--profile"],
    [{ out: "package.json/figure.svg" }, "--out"],
  ])("refuses %o", async (flags, message) => {
    await expect(figure7(flags, () => {})).rejects.toThrow(message);
  });
});
