import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { figure7 } from "../../cli/figure7.js";

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
