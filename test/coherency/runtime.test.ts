import { describe, expect, it } from "vitest";
import { ACK, COPY, COPY_VOID, REASON_REPLICATED } from "../../impl/coherency/outbox.js";
import { type Courier, RuntimeKernel } from "../../impl/coherency/runtime-kernel.js";
import { type BlockingHost, SharedMemory } from "../../impl/coherency/runtime-memory.js";
import { type SimulationOptions, simulate } from "../../impl/coherency/runtime-simulation.js";
import type { Channels } from "../../vocabulary/coherency/configuration.js";
import { KERNELS_MAX } from "../../vocabulary/coherency/protocol.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";
import { PAGE_WORDS, type ProgramHost, type SteppedProgram } from "../../vocabulary/coherency/runtime.js";

const rules = PROFILES.normative;
const timing = { latency: 50, jitter: 200, stall: 2_000, stallOneIn: 5, ticksMax: 2_000_000 };

function options(kernels: number, channels: Channels, seed: number, exit: "atomic" | "delayed" = "atomic") {
  return { kernels, pages: 3, rules, exit, channels, seed, ...timing } satisfies SimulationOptions;
}

/** Adds to a counter, writes its own word of a crowded page, and waits for the others at the end of each round. */
function rounds(count: number): SteppedProgram {
  return function* ({ kernel, kernels }: ProgramHost) {
    for (let round = 1; round <= count; round++) {
      yield { kind: "add", word: 0, delta: 1 };
      yield { kind: "store", first: PAGE_WORDS + kernel, words: 1, value: round };
      yield { kind: "add", word: 2 * PAGE_WORDS, delta: 1 };
      yield { kind: "await", word: 2 * PAGE_WORDS, value: round * kernels };
      for (let other = 0; other < kernels; other++) {
        const seen = yield { kind: "load", first: PAGE_WORDS + other, words: 1 };
        if (seen < round) return `K${kernel} sees ${seen} of K${other} after round ${round}`;
      }
    }
    return yield { kind: "load", first: 0, words: 1 };
  };
}

describe("programs under the logical clock", () => {
  it.each([
    [2, "fifo", "atomic"],
    [2, "unordered", "delayed"],
    [3, "unordered", "atomic"],
    [4, "fifo", "delayed"],
    [4, "unordered", "atomic"],
  ] as const)("%i kernels, %s, exit %s: no addition is lost, every round is seen", (kernels, channels, exit) => {
    for (let seed = 1; seed <= 10; seed++) {
      const programs = Array.from({ length: kernels }, () => rounds(5));
      const { values } = simulate(options(kernels, channels, seed, exit), programs);
      expect(values).toEqual(Array.from({ length: kernels }, () => 5 * kernels));
    }
  });

  it.each([
    ["fifo", "atomic"],
    ["unordered", "delayed"],
  ] as const)("32 kernels, as many as a word has bits, %s, exit %s: the last one counts as well", (channels, exit) => {
    const timed = { ...options(KERNELS_MAX, channels, 1, exit), ticksMax: 20_000_000 };
    const { values } = simulate(
      timed,
      Array.from({ length: KERNELS_MAX }, () => rounds(1)),
    );
    expect(values).toEqual(Array.from({ length: KERNELS_MAX }, () => KERNELS_MAX));
  });

  it("run the same for the same seed, and differently for another", () => {
    const run = (seed: number) => simulate(options(3, "unordered", seed), [rounds(3), rounds(3), rounds(3)]).time;
    expect(run(1)).toBe(run(1));
    expect(run(1)).not.toBe(run(2));
  });

  it("that wait for what nobody does are told", () => {
    const idle: SteppedProgram = function* () {
      yield { kind: "await", word: 0, value: 1 };
    };
    expect(() => simulate(options(2, "fifo", 1), [idle, idle])).toThrow(
      "all kernels wait and nothing is in flight: K0 watches, K1 watches",
    );
  });

  it("lose additions under a protocol that is broken", () => {
    const broken = { ...rules, modifiedAnswers: "ack", stampKept: false, step1: false } as const;
    const results = Array.from({ length: 30 }, (_, seed) => {
      try {
        return simulate({ ...options(3, "unordered", seed), rules: broken }, [rounds(5), rounds(5), rounds(5)]).values;
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(results.some((result) => JSON.stringify(result) !== "[15,15,15]")).toBe(true);
  });
});

describe("one kernel alone", () => {
  const host: BlockingHost = {
    poll: () => {},
    wait: () => {
      throw new Error("nobody is there to wait for");
    },
  };

  it("has zeroed memory, faults once a page and sends nothing", () => {
    const kernel = new RuntimeKernel({ kernel: 0, kernels: 1, rules, exit: "atomic", pages: 2 }, noCourier);
    const memory = new SharedMemory(kernel, host);
    expect(memory.loadFloat64(4096)).toBe(0);
    memory.storeFloat64(4096, 1.5);
    memory.storeInt32(0, 7);
    expect(memory.addInt32(0, 3)).toBe(7);
    expect(memory.exchangeInt32(0, -1)).toBe(10);
    expect([memory.loadInt32(0), memory.loadFloat64(4096)]).toEqual([-1, 1.5]);
    expect(memory.awaitChange(0, 0)).toBe(-1);
  });

  it("gives up when what comes never serves it", () => {
    const kernel = new RuntimeKernel({ kernel: 0, kernels: 2, rules, exit: "atomic", pages: 1 }, noCourier);
    const elsewhere: BlockingHost = {
      poll: () => {},
      wait: () => kernel.deliver(1, COPY_VOID, 0, REASON_REPLICATED, undefined),
    };
    const memory = new SharedMemory(kernel, elsewhere, 100);
    expect(() => memory.loadInt32(0)).toThrow("page 0 is not served: 100 messages came in vain");
  });

  it("refuses addresses outside, and crooked ones", () => {
    const kernel = new RuntimeKernel({ kernel: 0, kernels: 1, rules, exit: "atomic", pages: 1 }, noCourier);
    const memory = new SharedMemory(kernel, host);
    expect(() => memory.loadInt32(4096)).toThrow("address 4096: expected a multiple of 4 below 4096");
    expect(() => memory.loadFloat64(4)).toThrow("address 4: expected a multiple of 8 below 4096");
    expect(() => new RuntimeKernel({ kernel: 0, kernels: 1, rules, exit: "atomic", pages: 0 }, noCourier)).toThrow(
      "0 pages: expected an integer from 1 to 65536",
    );
  });
});

const noCourier: Courier = { send: () => {} };

/** A kernel that sends first and changes its entry afterwards. */
class SendsFirst extends RuntimeKernel {
  protected override publish(page: number): void {
    this.post();
    this.changeEntry(page);
  }
}

describe("T5: the order inside a step", () => {
  /** What the entry still permitted when a message left that says that it is over. */
  function breaches(Kernel: typeof RuntimeKernel): string[] {
    const found: string[] = [];
    const kernels: RuntimeKernel[] = [];
    const post: (() => void)[] = [];
    for (const kernel of [0, 1]) {
      const courier: Courier = {
        send(to, kind, page, detail, bytes) {
          const own = kernels[kernel]!;
          if (kind === COPY && own.entries.permitsStore(page)) found.push(`K${kernel} copies what can be stored to`);
          if (kind === ACK && own.entries.permitsLoad(page)) found.push(`K${kernel} acknowledges what can be loaded`);
          const kept = bytes?.slice();
          post.push(() => kernels[to]!.deliver(kernel, kind, page, detail, kept));
        },
      };
      kernels.push(new Kernel({ kernel, kernels: 2, rules, exit: "atomic", pages: 1 }, courier));
    }
    const access = (kernel: number, value?: number) => {
      const own = kernels[kernel]!;
      own.begin(0, value === undefined ? undefined : { take: ({ int32 }) => void int32.fill(value, 0, 1) });
      while (own.isBlocked) if (!own.advance()) post.shift()!();
      while (post.length > 0) post.shift()!();
    };
    access(0, 1);
    access(1); // takes NotReplicated down
    access(1, 2); // makes K0 acknowledge
    access(0); // takes Modified down
    expect(kernels.map(({ int32 }) => int32[0])).toEqual([2, 2]);
    return found;
  }

  it("the entry changes before a message leaves", () => {
    expect(breaches(RuntimeKernel)).toEqual([]);
  });

  it("a kernel that sends first is caught", () => {
    expect(breaches(SendsFirst)).toEqual([
      "K0 copies what can be stored to",
      "K0 acknowledges what can be loaded",
      "K1 copies what can be stored to",
    ]);
  });
});
