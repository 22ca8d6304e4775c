import { describe, expect, it } from "vitest";
import { explore } from "../../explore/explore.js";
import type { StateInvariant } from "../../explore/machine.js";
import { Cluster } from "../../impl/coherency/cluster.js";
import { CoherencyEngine, engineWords } from "../../impl/coherency/engine.js";
import { ExploredCluster, READ, REQUEST, RETRY, WRITE } from "../../impl/coherency/exploration.js";
import { pack, unpack } from "../../impl/coherency/explored-vector.js";
import * as at from "../../impl/coherency/layout.js";
import { OUTBOX_WORDS, Outbox } from "../../impl/coherency/outbox.js";
import { OUTCOME_COMMITTED, OUTCOME_COMPLETED, OUTCOME_UNSPECIFIED } from "../../impl/coherency/outcome.js";
import { type Configuration, configuration } from "../../vocabulary/coherency/configuration.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";
import { numbers } from "./numbers.js";

interface InFlight {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  readonly page: number;
  readonly detail: number;
}

/** Kernels that share pages over channels that keep no order. Clocks advance unevenly. */
class Machines {
  readonly engines: readonly CoherencyEngine[];
  readonly words: readonly Int32Array[];
  readonly latest: number[];
  readonly inFlight: InFlight[] = [];
  completed = 0;
  private readonly outbox = new Outbox(new Int32Array(OUTBOX_WORDS));

  constructor(kernels: number, pages: number, profile: keyof typeof PROFILES) {
    this.words = Array.from({ length: kernels }, () => new Int32Array(engineWords(pages)));
    const options = { kernels, rules: PROFILES[profile], exit: "atomic" } as const;
    this.engines = this.words.map((words, kernel) => new CoherencyEngine(words, this.outbox, { ...options, kernel }));
    this.latest = Array.from({ length: pages }, () => at.VERSION_INITIAL);
  }

  after(kernel: number, page: number, outcome: number): void {
    if ((outcome & OUTCOME_UNSPECIFIED) !== 0) throw new Error(`kernel ${kernel}: a message that cannot come`);
    if ((outcome & OUTCOME_COMPLETED) !== 0) this.completed++;
    if ((outcome & OUTCOME_COMMITTED) !== 0) {
      expect(this.versionOf(kernel, page)).toBe(this.latest[page]! + 1);
      this.latest[page]!++;
    }
    for (let entry = 0; entry < this.outbox.count; entry++) {
      const message = {
        kind: this.outbox.kind(entry),
        page: this.outbox.page(entry),
        detail: this.outbox.detail(entry),
      };
      for (let to = 0; to < this.engines.length; to++)
        if (((this.outbox.to(entry) >>> to) & 1) === 1) this.inFlight.push({ ...message, from: kernel, to });
    }
    this.outbox.clear();
    this.judge(page);
  }

  versionOf(kernel: number, page: number): number {
    return this.words[kernel]![page * at.COPY_WORDS + at.VERSION]!;
  }

  /** One writer or readers, and who can read has what was written last. */
  private judge(page: number): void {
    const states = this.words.map((words) => words[page * at.COPY_WORDS + at.STATE]!);
    const readable = states.flatMap((state, kernel) =>
      state === at.SHARED || state === at.MODIFIED || state === at.NOT_REPLICATED ? [kernel] : [],
    );
    const exclusive = readable.filter((kernel) => states[kernel] !== at.SHARED);
    if (exclusive.length > 0 && readable.length > 1) throw new Error(`page ${page}: copies ${states.join(" ")}`);
    const outdated = readable.filter((kernel) => this.versionOf(kernel, page) !== this.latest[page]);
    if (outdated.length > 0) throw new Error(`page ${page}: kernels ${outdated.join(" ")} read what is outdated`);
  }
}

describe.each([
  { kernels: 2, pages: 1, steps: 4_000 },
  { kernels: 7, pages: 3, steps: 6_000 },
  { kernels: 32, pages: 2, steps: 25_000 },
])("$kernels kernels, $pages pages", ({ kernels, pages, steps }) => {
  it.each(["normative", "normative-r7", "lean"] as const)("stay coherent on unordered channels: %s", (profile) => {
    const machines = new Machines(kernels, pages, profile);
    const below = numbers(kernels);
    for (let step = 1; step <= steps; step++) {
      const message = machines.inFlight.splice(below(machines.inFlight.length), 1)[0];
      const clock = step + below(40);
      if (message !== undefined && below(8) > 0) {
        const { from, to, kind, page, detail } = message;
        machines.after(to, page, machines.engines[to]!.receive(page, from, kind, detail, clock));
        continue;
      }
      if (message !== undefined) machines.inFlight.push(message);
      const kernel = below(kernels);
      const page = below(pages);
      const engine = machines.engines[kernel]!;
      if (engine.canRetry(page)) machines.after(kernel, page, engine.retry(page, clock));
      else machines.after(kernel, page, below(3) === 0 ? engine.write(page, clock) : engine.read(page, clock));
    }
    expect(machines.completed).toBeGreaterThan(20);
  });
});

describe("the explored vector", () => {
  it("loses nothing that matters: a cluster that is never renumbered walks the same vectors", () => {
    const scope = configuration({ kernels: 3, channels: "unordered", exit: "delayed", stamps: "perfect" });
    const machine = new ExploredCluster(scope);
    const running = new Cluster(scope);
    const vector = new Int32Array(machine.stateWords);
    const below = numbers(11);
    machine.initialise();
    running.initialise();
    for (let step = 1; step <= 5_000; step++) {
      const enabled = Array.from({ length: machine.actionCount }, (_, action) => action).filter((a) =>
        machine.enabled(a),
      );
      const action = enabled[below(enabled.length)]!;
      const kernel = machine.kernels[action]!;
      const kind = machine.kinds[action]!;
      machine.perform(action);
      // The running cluster's stamps only ever rise: place `step` is younger than all before it.
      if (kind === READ) running.read(kernel);
      else if (kind === WRITE) running.write(kernel, step);
      else if (kind === RETRY) running.retry(kernel, step);
      else if (machine.senders[action] === kernel) running.exit(kernel, step);
      else if (kind === REQUEST) running.deliverRequest(machine.senders[action]!, kernel, step);
      else running.deliverAnswer(machine.senders[action]!, kernel, step);
      pack(running, vector);
      expect(vector).toEqual(machine.words.subarray(0, machine.stateWords));
    }
    expect(running.latest).toBeGreaterThan(20);
  });

  const rules = PROFILES["normative-r7"];
  it.each<Partial<Configuration>>([
    { channels: "fifo", exit: "atomic" },
    { channels: "unordered", exit: "delayed" },
    { channels: "fifo", exit: "delayed", rules: PROFILES.literal },
    { channels: "fifo", rules: { ...rules, multicast: MULTICAST, ownerHint: true } },
    { channels: "unordered", rules: { ...rules, stampKept: false }, stamps: { bounded: 2 } },
    { channels: "fifo", stamps: "monotone", readBudget: 2, writeBudget: 2 },
  ])("tells of each step what it changes, and performs just that: %o", (mode) => {
    const machine = new ExploredCluster(configuration({ kernels: 2, ...mode }));
    const { words, stateWords, actionCount } = machine;
    const listed = new Uint32Array(actionCount);
    const steps = new Int32Array(actionCount * (3 + 2 * stateWords) + 1);
    const agreement: StateInvariant = {
      name: "sameSteps",
      violation() {
        const base = words.slice();
        const actions = listed.slice(0, machine.listEnabled(listed));
        const end = machine.listSteps!(steps, 1);
        let step = 1;
        for (const action of actions) {
          const told = base.slice();
          for (let change = step + 3; change < steps[step + 2]!; change += 2) {
            if (told[steps[change]!] === steps[change + 1]) return `action ${action}: a change that is none`;
            told[steps[change]!] = steps[change + 1]!;
          }
          told[stateWords] = steps[step + 1]!;
          machine.perform(action);
          const done = words.slice();
          words.set(base);
          if (steps[step] !== action || done.some((word, position) => word !== told[position]))
            return `action ${action}: ${[...told]} told, ${[...done]} done`;
          step = steps[step + 2]!;
        }
        return step === end ? undefined : `steps end at ${end}: expected ${step}`;
      },
    };
    const { verdict, states } = explore(machine, { always: [agreement] }, { store: "full", states: 3_000 });
    expect(verdict).not.toBe("violated");
    expect(states).toBeGreaterThan(100);
  });

  it("is read back and written again as it was", () => {
    const machine = new ExploredCluster(configuration({ kernels: 4, channels: "fifo", exit: "delayed" }));
    const again = new Int32Array(machine.stateWords);
    const other = new Cluster(machine.cluster.configuration);
    const below = numbers(5);
    machine.initialise();
    for (let step = 0; step < 3_000; step++) {
      const enabled = Array.from({ length: machine.actionCount }, (_, action) => action).filter((a) =>
        machine.enabled(a),
      );
      machine.perform(enabled[below(enabled.length)]!);
      unpack(machine.words, other);
      pack(other, again);
      expect(again).toEqual(machine.words.subarray(0, machine.stateWords));
    }
  });
});

it("refuses kernels that a 32-bit set cannot name", () => {
  const options = { rules: PROFILES.normative, exit: "atomic" } as const;
  const outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  expect(() => new CoherencyEngine(new Int32Array(12), outbox, { ...options, kernel: 0, kernels: 33 })).toThrow(
    "kernel 0 of 33: expected 0 ≤ kernel < kernels ≤ 32",
  );
  expect(() => configuration({ kernels: 6 })).toThrow("kernels is 6: expected an integer from 2 to 5");
});
