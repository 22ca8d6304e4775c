/**
 * A system small enough to know by heart: a register of two bits with a replica on each of two nodes.
 *
 *   words = [ replica 0 | replica 1 | locked | writes counted ]
 *
 * Mutants: T1 forgets the second replica, T2 stores 3 as 2, T3 answers a write with 0, T4 does not count, T5 leaves out a
 * rule that is not needed, T6 throws at 3, T7 lets a locked register be written.
 */
import type { System } from "../../properties/engine/system.js";

export type ToyOperation =
  | { readonly kind: "write"; readonly cpu: number; readonly value: number }
  | { readonly kind: "read"; readonly cpu: number }
  | { readonly kind: "lock"; readonly cpu: number }
  | { readonly kind: "unlock"; readonly cpu: number };

export interface ToyState {
  readonly value: number;
  readonly locked: boolean;
  readonly statistics: { readonly writes: number };
}

export interface ToyView {
  readonly words: Int32Array;
}

const VALUES = 4;
const STATE_WORDS = 3;

export const toy: System<ToyOperation, ToyState, number, ToyView> = {
  name: "toy",
  reference: {
    initial: () => ({ value: 0, locked: false, statistics: { writes: 0 } }),
    enabled: (state, operation) => {
      if (operation.kind === "write") return !state.locked && operation.value < VALUES;
      if (operation.kind === "read") return true;
      return state.locked === (operation.kind === "unlock");
    },
    apply: (state, operation) => {
      if (operation.kind === "read") return { state, outcome: state.value };
      if (operation.kind !== "write") return { state: { ...state, locked: operation.kind === "lock" }, outcome: 0 };
      const statistics = { writes: state.statistics.writes + 1 };
      return { state: { ...state, value: operation.value, statistics }, outcome: operation.value };
    },
    withoutStatistics: (state) => ({ ...state, statistics: { writes: 0 } }),
  },
  invariants: [
    {
      id: "T-agree",
      name: "replicasAgree",
      why: "a reader on either node has to see the same value",
      *violations({ words }) {
        if (words[0] !== words[1]) yield `node 0 holds ${words[0]}, node 1 holds ${words[1]}`;
      },
    },
  ],
  stepInvariants: [
    {
      id: "T-locked",
      name: "lockedMeansUnchanged",
      why: "who holds the lock relies on the value",
      *violations(before, _operation, _answer, after) {
        if (before.words[2] === 1 && before.words[0] !== after.words[0]) {
          yield `locked at ${before.words[0]}, now ${after.words[0]}`;
        }
      },
    },
  ],
  mutants: [
    { id: "T1", rule: "a write goes to both replicas", killers: ["T-agree"], scopes: ["all"] },
    { id: "T2", rule: "the value is stored as it is", killers: ["meaning"], scopes: ["all"] },
    { id: "T3", rule: "a write answers with the value", killers: ["answer"], scopes: ["all"] },
    { id: "T4", rule: "writes are counted", killers: ["answer", "meaning"], scopes: ["all"] },
    { id: "T5", rule: "replica 0 is written first", killers: ["T-agree"], scopes: ["all"] },
    { id: "T6", rule: "no value is special", killers: ["thrown"], scopes: [] },
    { id: "T7", rule: "a locked register is not written", killers: ["T-locked", "answer"], scopes: ["all"] },
  ],
  scopes: [
    {
      name: "all",
      title: "2 CPUs, values 0 to 3, lock",
      shape: { values: VALUES },
      setup: [{ kind: "write", cpu: 0, value: 1 }],
      actions: [
        ...[0, 1, 2, 3].map((value) => [{ kind: "write", cpu: value % 2, value } as const]),
        [
          { kind: "lock", cpu: 0 },
          { kind: "read", cpu: 0 },
        ],
        [{ kind: "unlock", cpu: 1 }],
        [{ kind: "read", cpu: 1 }],
      ],
      sometimes: [{ name: "locked at 3", holds: ({ locked, value }) => locked && value === 3 }],
      effort: "quick",
    },
  ],
  sampleScopes: [
    {
      name: "long",
      title: "long runs",
      shape: { values: VALUES },
      setup: [{ kind: "write", cpu: 0, value: 1 }],
      menu: [
        {
          name: "write",
          draw: ({ locked }, choose) =>
            locked ? undefined : { kind: "write", cpu: choose.below(2), value: choose.below(VALUES) },
        },
        { name: "read", draw: (_, choose) => ({ kind: "read", cpu: choose.from([0, 1]) }) },
        { name: "lock", draw: ({ locked }, choose) => (locked ? undefined : { kind: "lock", cpu: choose.below(2) }) },
        {
          name: "unlock",
          draw: ({ locked }, choose) => (locked ? { kind: "unlock", cpu: choose.below(2) } : undefined),
        },
      ],
      commandsMax: 60,
    },
  ],
  scenarios: [
    {
      id: "TS1",
      title: "what is written is read on the other node",
      shape: { values: VALUES },
      steps: [{ operation: { kind: "write", cpu: 0, value: 2 } }, { operation: { kind: "read", cpu: 1 }, answer: 2 }],
    },
  ],
  twin: (_shape, without) => new ToyTwin(without),
  actor: ({ cpu }) => `cpu ${cpu}`,
  describe: (operation) => (operation.kind === "write" ? `write ${operation.value}` : operation.kind),
  describeAnswer: (answer) => String(answer),
};

class ToyTwin {
  readonly words = new Int32Array(STATE_WORDS + 1);
  readonly stateWords = STATE_WORDS;
  readonly view = { words: this.words };
  readonly pastWords = new Int32Array(STATE_WORDS + 1);
  readonly past = { words: this.pastWords };
  private readonly without: string | undefined;

  constructor(without: string | undefined) {
    this.without = without;
  }

  reset(): void {
    this.words.fill(0);
  }

  enabled(operation: ToyOperation): boolean {
    const locked = this.words[2] === 1;
    if (operation.kind === "write") return (!locked || this.without === "T7") && operation.value < VALUES;
    return operation.kind === "read" || locked === (operation.kind === "unlock");
  }

  perform(operation: ToyOperation): number {
    const { words, without } = this;
    if (operation.kind === "read") return words[operation.cpu]!;
    if (operation.kind !== "write") {
      words[2] = operation.kind === "lock" ? 1 : 0;
      return 0;
    }
    if (without === "T6" && operation.value === 3) throw new Error("3 is special");
    words[0] = without === "T2" && operation.value === 3 ? 2 : operation.value;
    if (without !== "T1") words[1] = words[0];
    if (without !== "T4") words[3]!++;
    return without === "T3" ? 0 : operation.value;
  }

  meaning({ words }: ToyView): ToyState {
    return { value: words[0]!, locked: words[2] === 1, statistics: { writes: words[3]! } };
  }
}
