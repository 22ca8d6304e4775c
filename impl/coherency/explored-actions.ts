/** The actions of an explored cluster, by number: all of kernel 0, then all of kernel 1, and so on. */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";

export const READ = 0;
export const WRITE = 1;
export const RETRY = 2;
export const REQUEST = 3;
export const ANSWER = 4;
export const EXIT = 5;

export class ExploredActions {
  readonly count: number;
  /** Per action: what it is (READ …), whose it is, from whom a message comes, and which place a new stamp takes. */
  readonly kinds: Uint8Array;
  readonly kernels: Uint8Array;
  readonly senders: Uint8Array;
  readonly draws: Uint8Array;
  /** Actions of one kernel. */
  readonly perKernel: number;
  /** How many places a stamp can take that is drawn by a write or a retry, and by a message or an exit. */
  readonly drawCount: number;
  readonly redrawCount: number;

  constructor(configuration: Configuration) {
    this.drawCount = drawsOf(configuration);
    this.redrawCount = configuration.rules.stampKept ? 1 : this.drawCount;
    const actions = [...this.list(configuration)];
    this.count = actions.length;
    this.perKernel = actions.length / configuration.kernels;
    this.kinds = Uint8Array.from(actions, (action) => action.kind);
    this.kernels = Uint8Array.from(actions, (action) => action.kernel);
    this.senders = Uint8Array.from(actions, (action) => action.sender);
    this.draws = Uint8Array.from(actions, (action) => action.draw);
  }

  /** A message or an exit draws a stamp only where writers do not keep theirs. */
  private *list({ kernels, exit }: Configuration): Generator<ListedAction> {
    const { drawCount, redrawCount } = this;
    for (let kernel = 0; kernel < kernels; kernel++) {
      yield { kind: READ, kernel, sender: kernel, draw: 0 };
      for (let draw = 0; draw < drawCount; draw++) yield { kind: WRITE, kernel, sender: kernel, draw };
      for (let draw = 0; draw < drawCount; draw++) yield { kind: RETRY, kernel, sender: kernel, draw };
      for (let sender = 0; sender < kernels; sender++) {
        if (sender === kernel) continue;
        for (let draw = 0; draw < redrawCount; draw++) yield { kind: REQUEST, kernel, sender, draw };
        for (let draw = 0; draw < redrawCount; draw++) yield { kind: ANSWER, kernel, sender, draw };
      }
      if (exit === "delayed")
        for (let draw = 0; draw < redrawCount; draw++) yield { kind: EXIT, kernel, sender: kernel, draw };
    }
  }
}

interface ListedAction {
  readonly kind: number;
  readonly kernel: number;
  readonly sender: number;
  readonly draw: number;
}

/** How many places a new stamp can have at most. */
export function drawsOf({ kernels, stamps, ties }: Configuration): number {
  if (typeof stamps === "object") return stamps.bounded;
  return ties === "explicit" ? 2 * kernels + 1 : kernels + 1;
}
