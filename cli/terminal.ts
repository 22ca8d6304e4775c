/** Where a command writes: results to `out`, everything else to `err`, progress only where a person watches. */
export interface Terminal {
  /** How wide stdout is, if it is a terminal. */
  readonly columns?: number;
  out(text: string): void;
  err(text: string): void;
  /** What is being done right now; replaces what it said before. Silent unless stderr is a terminal. */
  progress(text: string): void;
  /** Takes the progress line away. */
  settle(): void;
}

/** The process's own streams. */
export async function terminalOf(isQuiet: boolean): Promise<Terminal> {
  const streams = {
    ...(process.stdout.isTTY ? { columns: process.stdout.columns } : {}),
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
  };
  if (isQuiet || !process.stderr.isTTY) return { ...streams, progress: () => {}, settle: () => {} };
  const { default: ora } = await import("ora");
  const spinner = ora({ stream: process.stderr });
  return {
    ...streams,
    progress: (text) => {
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
      spinner.render(); // the engines do not yield, so the spinner's own timer never fires
    },
    settle: () => void spinner.stop(),
  };
}
