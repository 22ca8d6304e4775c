/** A folder that is there with all its files, or not at all. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PagetwinError } from "../vocabulary/errors.js";
import { reasonOf } from "./contiguity-files.js";

export class WholeFolder {
  private readonly path: string;
  /** Beside the place where it will be, so that a rename is enough. */
  private readonly draft: string;

  /** @throws PagetwinError `FORMAT` if the folder holds something, or none can be made there */
  constructor(path: string) {
    this.path = resolve(path);
    this.refuseFull();
    this.draft = this.attempt(() => {
      mkdirSync(dirname(this.path), { recursive: true });
      return mkdtempSync(`${this.path}.part-`);
    });
  }

  /** Puts the files where they belong. */
  finish(files: Readonly<Record<string, string>>): void {
    this.refuseFull();
    this.attempt(() => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(this.draft, name), text);
      renameSync(this.draft, this.path);
    });
  }

  /** Takes away what has not been finished. */
  discard(): void {
    rmSync(this.draft, { recursive: true, force: true });
  }

  private refuseFull(): void {
    let names: readonly string[] = [];
    try {
      names = readdirSync(this.path);
    } catch (error) {
      if (reasonOf(error) !== "ENOENT") throw this.unwritable(error);
    }
    if (names.length > 0) {
      throw new PagetwinError("FORMAT", `${this.path}: holds ${names[0]} already, expected a new or an empty folder`);
    }
  }

  private attempt<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      throw this.unwritable(error);
    }
  }

  private unwritable(error: unknown): PagetwinError {
    return new PagetwinError("FORMAT", `${this.path}: cannot be written (${reasonOf(error)})`);
  }
}
