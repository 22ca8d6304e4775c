/** Answers of the machine as the 32-bit numbers that threads return. */
import type { MachineOutcome } from "../../../vocabulary/contiguity/machine.js";

const NO_FRAME = -1;
const STOPPED = -2;
/** No operation answers this: what the reference does not allow is explained by nothing. */
export const IMPOSSIBLE = -3;

/** An answer as one number; how a frame was come by is not compared. */
export function answerOf(outcome: MachineOutcome): number {
  switch (outcome.kind) {
    case "done":
      return 0;
    case "frame":
      return 1 + 2 * outcome.frame + (outcome.order > 0 ? 1 : 0);
    case "none":
      return NO_FRAME;
    case "fatal":
      return STOPPED;
  }
}

/** The frame in an answer, if there is one. */
export const frameIn = (answer: number): number | undefined => (answer > 0 ? Math.floor((answer - 1) / 2) : undefined);
