/** `pagetwin contiguity replay`: runs an allocator script and prints one JSON object a step. */
import { replayScript } from "../impl/contiguity/allocator-replay.js";
import { parseScript } from "../impl/contiguity/allocator-script.js";
import { QUIRKS } from "../vocabulary/contiguity/allocator.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { guarded, type Print } from "./contiguity.js";
import { readParsed } from "./contiguity-files.js";

export interface ReplayOptions {
  readonly file: string;
  /** `authors`: every rule in the authors' version (C2); unless given, the rules of this specification. */
  readonly profile?: string;
}

/** @returns the exit code: 0 replayed, 2 bad input */
export async function contiguityReplay(options: ReplayOptions, out: Print, err: Print): Promise<number> {
  return guarded(err, () => {
    const { profile = "default" } = options;
    if (profile !== "default" && profile !== "authors") {
      throw new PagetwinError("ARGUMENT", `--profile is "${profile}": expected default or authors`);
    }
    const quirks = profile === "authors" ? QUIRKS : [];
    // A step that cannot be done is found when it is its turn: nothing is printed before the last one is.
    const lines = readParsed(options.file, (text) => [...replayScript(parseScript(text, quirks))]);
    for (const line of lines) out(`${line}\n`);
    return 0;
  });
}
