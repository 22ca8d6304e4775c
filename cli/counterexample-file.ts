/** Counterexamples as files: written whole, read back against the published schema. */
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type Counterexample, fileNameOf } from "../properties/engine/counterexample.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { packageFile, readJson, writeWhole } from "./files.js";

/** Writes the document under its own name. @returns the path, below `folder` as it was given */
export function saveCounterexample(folder: string, document: Counterexample): string {
  const path = join(folder, fileNameOf(document));
  writeWhole(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
}

/** @throws PagetwinError `FORMAT` naming the file, the place in it and what was expected */
export function readCounterexample(file: string): Counterexample {
  const document = readJson(file);
  const schema = readJson(packageFile("docs/schemas/counterexample-1.schema.json"));
  const validate = new Ajv2020({ strict: true, validateFormats: false }).compile<Counterexample>(schema as object);
  if (validate(document)) return document;
  const [first] = validate.errors ?? [];
  const place = first?.instancePath === "" ? "the document" : first?.instancePath;
  throw new PagetwinError("FORMAT", `${file}: ${place} ${first?.message}, expected a counterexample of version 1`);
}
