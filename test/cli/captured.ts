import { stripVTControlCharacters } from "node:util";
import type { Terminal } from "../../cli/terminal.js";

/** A terminal that keeps what is written to it, colours taken out. */
export function captured(): Terminal & { outText: string; errText: string } {
  return {
    outText: "",
    errText: "",
    out(text) {
      this.outText += stripVTControlCharacters(text);
    },
    err(text) {
      this.errText += text;
    },
    progress() {},
    settle() {},
  };
}
