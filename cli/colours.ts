import pico from "picocolors";

/**
 * Whether to write colours: on a terminal, or where FORCE_COLOR asks for them; NO_COLOR always wins. A CI variable alone does
 * not count, so that what a command writes to a file or a pipe is the same bytes on every machine.
 */
export function wantsColours(env: Record<string, string | undefined>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return isTerminal && env.TERM !== "dumb";
}

/** The colours of everything that goes to stdout; its `isTTY` is undefined, not false, on a pipe. */
export const colours = pico.createColors(wantsColours(process.env, process.stdout.isTTY === true));
