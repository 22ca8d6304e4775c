/**
 * Two-phase commit as in Stateright's example: a transaction manager and N resource managers; messages are a set that only
 * grows. 288 states for 3 resource managers, 8,832 for 5, 1,745,408 for 8.
 *
 *   words = [ manager ][ resource 0 ] … [ resource N-1 ][ prepared: bit set ][ messages: bit set ]
 */
import type { Checks, Machine } from "../../../explore/index.js";

const WORKING = 0;
const PREPARED = 1;
const COMMITTED = 2;
const ABORTED = 3;

const RULES_OF_RESOURCE = 5;

export class TwoPhaseCommit implements Machine {
  readonly words: Int32Array;
  readonly stateWords: number;
  readonly actionCount: number;
  readonly resources: number;
  private readonly prepared: number;
  private readonly messages: number;

  constructor(resources: number) {
    this.resources = resources;
    this.prepared = resources + 1;
    this.messages = resources + 2;
    this.stateWords = resources + 3;
    this.words = new Int32Array(this.stateWords);
    this.actionCount = 2 + RULES_OF_RESOURCE * resources;
  }

  initialise(): void {
    this.words.fill(0); // the manager and all resources are working
  }

  enabled(action: number): boolean {
    const { words } = this;
    const isUndecided = words[0] === WORKING;
    if (action === 0) return isUndecided && words[this.prepared] === 2 ** this.resources - 1;
    if (action === 1) return isUndecided;
    const resource = Math.floor((action - 2) / RULES_OF_RESOURCE);
    const isWorking = words[1 + resource] === WORKING;
    switch ((action - 2) % RULES_OF_RESOURCE) {
      case 0:
        return isUndecided && this.isSent(resource);
      case 1:
      case 2:
        return isWorking;
      case 3:
        return this.isSent(this.resources); // commit
      default:
        return this.isSent(this.resources + 1); // abort
    }
  }

  perform(action: number): void {
    const { words } = this;
    if (action < 2) {
      words[0] = action === 0 ? COMMITTED : ABORTED;
      this.send(this.resources + action);
      return;
    }
    const resource = Math.floor((action - 2) / RULES_OF_RESOURCE);
    switch ((action - 2) % RULES_OF_RESOURCE) {
      case 0:
        words[this.prepared]! |= 1 << resource;
        break;
      case 1:
        words[1 + resource] = PREPARED;
        this.send(resource);
        break;
      case 2:
      case 4:
        words[1 + resource] = ABORTED;
        break;
      default:
        words[1 + resource] = COMMITTED;
    }
  }

  all(state: number): boolean {
    return this.words.subarray(1, 1 + this.resources).every((word) => word === state);
  }

  some(state: number): boolean {
    return this.words.subarray(1, 1 + this.resources).includes(state);
  }

  private isSent(message: number): boolean {
    return ((this.words[this.messages]! >>> message) & 1) === 1;
  }

  private send(message: number): void {
    this.words[this.messages]! |= 1 << message;
  }
}

export function twoPhaseCommitChecks(machine: TwoPhaseCommit): Checks {
  return {
    always: [
      {
        name: "resourcesAgree",
        violation: () =>
          machine.some(COMMITTED) && machine.some(ABORTED) ? "one resource committed, another aborted" : undefined,
      },
    ],
    sometimes: [
      { name: "allCommit", holds: () => machine.all(COMMITTED) },
      { name: "allAbort", holds: () => machine.all(ABORTED) },
    ],
  };
}
