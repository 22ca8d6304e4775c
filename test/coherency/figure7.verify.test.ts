import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { figure7 } from "../../cli/figure7.js";
import { figureCells } from "../../properties/coherency/figure7-run.js";
import { STATEMENTS } from "../../properties/coherency/figure7-statements.js";

/** As many runs of each point as the command makes; each table with seeds of its own. */
const RUNS = 40;
const TABLES = 8;

describe.each(["normative", "normative-r7", "lean"] as const)("the paper's Figure 7, rules %s", (profile) => {
  const tables = Array.from({ length: TABLES }, (_, table) =>
    figureCells({ profile, channels: "unordered", seed: 1 + table * RUNS, runs: RUNS }),
  );

  it.each(STATEMENTS)("$id: $says", ({ contradictions }) => {
    expect(tables.flatMap(contradictions)).toEqual([]);
  });
});

it("prints all points of real threads as a document that keeps to its schema; nothing they count is a failure", async () => {
  let said = "";
  const code = await figure7({ json: true, threads: true }, (text) => {
    said += text;
  });
  expect(code).toBe(0);
  const validate = new Ajv2020().compile(JSON.parse(readFileSync("docs/schemas/figure7-1.schema.json", "utf8")));
  expect(validate(JSON.parse(said)), JSON.stringify(validate.errors)).toBe(true);
  expect(JSON.parse(said)).toMatchObject({ engine: "threads", runs: 1 });
});
