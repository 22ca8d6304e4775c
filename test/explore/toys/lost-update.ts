/**
 * Two threads increment a counter once, without a lock: read it, then write what was read plus one. 13 states.
 *
 *   words = [ counter ][ A: phase | A: read ][ B: phase | B: read ]        phase: 0 to read, 1 to write, 2 finished
 */
import type { Machine, StateInvariant } from "../../../explore/index.js";

export const ACTIONS = ["A.Read", "A.Write", "B.Read", "B.Write"] as const;

const TO_READ = 0;
const TO_WRITE = 1;
const FINISHED = 2;

export class LostUpdate implements Machine {
  readonly words = new Int32Array(5);
  readonly stateWords = 5;
  readonly actionCount = ACTIONS.length;

  initialise(): void {
    this.words.fill(0);
  }

  enabled(action: number): boolean {
    return this.words[phaseOf(action)] === (action % 2 === 0 ? TO_READ : TO_WRITE);
  }

  perform(action: number): void {
    const phase = phaseOf(action);
    if (action % 2 === 0) {
      this.words[phase] = TO_WRITE;
      this.words[phase + 1] = this.words[0]!;
    } else {
      this.words[phase] = FINISHED;
      this.words[0] = this.words[phase + 1]! + 1;
    }
  }

  get finished(): number {
    return [1, 3].filter((phase) => this.words[phase] === FINISHED).length;
  }
}

const phaseOf = (action: number): number => (action < 2 ? 1 : 3);

export function counterCountsTheFinished(machine: LostUpdate): StateInvariant {
  return {
    name: "counterCountsTheFinished",
    violation() {
      const counter = machine.words[0]!;
      return counter === machine.finished ? undefined : `counter ${counter}, finished ${machine.finished}`;
    },
  };
}
