/**
 * The reference in step with the cluster, in the form that the explorer takes: states and answers named by numbers.
 *
 * A reference state is named by the vector that embodies it, as a number in order of appearance. A step of the reference
 * is taken on the reference's own state, decoded from that vector, and named again. It also counts the cells of the
 * protocol table that it visits.
 */
import { Fingerprinter } from "../../explore/fingerprint.js";
import { FullSet } from "../../explore/full-set.js";
import type { Reference, ReferenceStep } from "../../explore/machine.js";
import { Cluster } from "../../impl/coherency/cluster.js";
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import { pack, unpack } from "../../impl/coherency/explored-vector.js";
import { EVENTS, type Event } from "../../model/coherency/protocol.js";
import { initial, type State } from "../../model/coherency/state.js";
import { apply } from "../../model/coherency/step.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Operation, Outcome } from "../../vocabulary/coherency/operations.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import { MULTICAST, PROFILES, type Rules } from "../../vocabulary/coherency/rules.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { operationOf } from "./actions.js";
import { embody, meaningOf, outcomeOf } from "./meaning.js";
import { sameRules } from "./rule-switches.js";

const WHOLE_MULTICAST = JSON.stringify(MULTICAST);
const COMMITTED = ["no", "onFresh", "onStale"] as const;

export class ReferenceInStep implements Reference {
  /** How often each cell of the protocol table was visited: states × events. */
  readonly cellVisits: Float64Array = new Float64Array(COPY_STATES.length * EVENTS.length);
  private readonly machine: ExploredCluster;
  private readonly operations: readonly Operation[];
  private readonly scratch: Cluster;
  private readonly vector: Int32Array;
  private readonly fingerprinter: Fingerprinter;
  private readonly named: FullSet;
  private lastMeaning = -1;
  private lastState: State;

  /** @throws PagetwinError ARGUMENT for a configuration that the reference does not cover */
  constructor(machine: ExploredCluster) {
    refuseUncovered(machine.cluster.configuration);
    this.machine = machine;
    this.operations = Array.from({ length: machine.actionCount }, (_, action) => operationOf(machine, action));
    this.scratch = new Cluster(machine.cluster.configuration);
    this.vector = new Int32Array(machine.stateWords);
    this.fingerprinter = new Fingerprinter(machine.stateWords);
    this.named = new FullSet(machine.stateWords, this.fingerprinter);
    this.lastState = initial(machine.cluster.configuration);
  }

  initial(): number {
    return this.nameOf(initial(this.machine.cluster.configuration));
  }

  meaning(): number {
    this.machine.load();
    return this.nameOf(meaningOf(this.machine.cluster));
  }

  answer(): number {
    return nameOutcome(outcomeOf(this.machine.outcome));
  }

  step(meaning: number, action: number): ReferenceStep {
    const { state, outcome, cells } = apply(
      this.machine.cluster.configuration,
      this.stateOf(meaning),
      this.operations[action]!,
    );
    for (const [copyState, event] of cells) this.cellVisits[cellIndex(copyState, event)]!++;
    return { meaning: this.nameOf(state), answer: nameOutcome(outcome) };
  }

  explain(kind: "answer" | "meaning", expected: number, found: number): string {
    if (kind === "answer") return `outcome ${expected} expected, found ${found}`;
    return `expected ${JSON.stringify(this.stateOf(expected))}, found ${JSON.stringify(this.stateOf(found))}`;
  }

  private nameOf(state: State): number {
    const { vector, fingerprinter, named } = this;
    embody(state, this.scratch);
    pack(this.scratch, vector);
    fingerprinter.take(vector, 0);
    const { first, second } = fingerprinter;
    const known = named.find(first, second, vector);
    if (known >= 0) return known;
    named.add(first, second, vector);
    return named.count - 1;
  }

  /** The state that was named so; the last one is remembered, because its actions are asked for in a row. */
  private stateOf(meaning: number): State {
    if (meaning !== this.lastMeaning) {
      this.named.take(meaning, this.vector);
      unpack(this.vector, this.scratch);
      this.lastState = meaningOf(this.scratch);
      this.lastMeaning = meaning;
    }
    return this.lastState;
  }
}

function refuseUncovered(configuration: Configuration): void {
  if (!isCovered(configuration))
    throw new PagetwinError(
      "ARGUMENT",
      "the reference walks along for a profile, free stamps, absorbed ties, no budgets",
    );
}

/** The reference knows the profiles' readings of the rules and the reference abstraction of stamps, and no budgets. */
export function isCovered({ rules, stamps, ties, readBudget, writeBudget }: Configuration): boolean {
  const hasBudgets = readBudget !== undefined || writeBudget !== undefined;
  return knowsRules(rules) && stamps === "free" && ties === "absorbed" && !hasBudgets;
}

/** Whether the rules are a profile's; the options of 5.2 may be added to each, multicast with M2 or without. */
export function knowsRules(rules: Rules): boolean {
  const { multicast, readOnly } = rules;
  const isPage = readOnly === "off" || readOnly === "local";
  const isWhole = multicast === "off" || JSON.stringify(multicast) === WHOLE_MULTICAST;
  const asked: Rules = { ...rules, ownerHint: false, multicast: "off", joinBeforeRead: true, readOnly: "off" };
  return isPage && isWhole && Object.values(PROFILES).some((profile) => sameRules(profile, asked));
}

/** Where a cell is counted. */
export function cellIndex(copyState: (typeof COPY_STATES)[number], event: Event): number {
  return COPY_STATES.indexOf(copyState) * EVENTS.length + EVENTS.indexOf(event);
}

function nameOutcome(outcome: Outcome): number {
  const committed = COMMITTED.indexOf(outcome.committed);
  const { completed, fetchedNothing, unspecified, askedNobody, refused } = outcome;
  const bits = [refused, askedNobody, completed, fetchedNothing, unspecified];
  return bits.reduce((number, bit) => 2 * number + (bit ? 1 : 0), committed);
}
