/** What must hold while threads are inside the kernel, read off the raw words. Ids I… are those of section 6. */
import type { Claim, View } from "../../../explore/interleave/program.js";
import { NO_ROOT } from "../../../impl/page-table/hardware.js";
import { RIGHT_EXECUTE, RIGHT_WRITE } from "../../../impl/page-table/tlb.js";
import { SPACE } from "../../../impl/replication/layout.js";
import { Replication } from "../../../impl/replication/replication.js";
import { cpuInvariants } from "../invariants-cpus.js";
import { ringInvariants } from "../invariants-rings.js";
import { spaceInvariants } from "../invariants-spaces.js";
import { tableInvariants } from "../invariants-tables.js";
import { Memory } from "../memory.js";
import { SMALL } from "../toy-machine.js";
import { hasAmpleTables } from "../view.js";
import { GHOST, type PublicationMachine } from "./machine.js";

/** The process that programs are about. */
export const PID = 1;

/** A claim of the engine, with the id and the reason that people know it by. */
export interface PublicationClaim extends Claim {
  readonly id: string;
  readonly why: string;
  /** Of a claim that stands for several rules; see InterleavedClaim. */
  readonly rules?: readonly string[];
}

const STATE_CLAIMS = [...ringInvariants, ...tableInvariants, ...cpuInvariants, ...spaceInvariants];

// META of a table (impl/replication/descriptors.ts).
const IN_USE = 1;
const USE_MASK = 3;
const LEVEL_AND_BASE = (7 << 2) | (1 << 5);
const LEAF_BASE = (1 << 2) | (1 << 5);
const USED = (1 << 5) | (1 << 6);

export class PublicationClaims {
  private readonly machine: PublicationMachine;

  constructor(machine: PublicationMachine) {
    this.machine = machine;
  }

  /** Every program's. */
  get always(): PublicationClaim[] {
    return [
      this.rootsAreLive,
      this.noRootIsEarly,
      this.disabledMeansHome,
      this.reachableTablesAreLive,
      this.membersAgree,
    ];
  }

  get rootsAreLive(): PublicationClaim {
    return {
      id: "I17",
      name: "rootsAreLive",
      why: "a CPU whose root is free, or none of its process's, walks through memory that others write",
      violation: ({ shared }) => this.eachCpu((cpu) => this.badRoot(shared, cpu)),
    };
  }

  /** 2.13: where a CPU that takes interrupts may be, whatever the vector says: at home, on its own node, or on a node that was asked for. */
  get rootsAreAskedFor(): PublicationClaim {
    const { layout, home } = this.machine;
    return {
      id: "I19",
      name: "rootsAreAskedFor",
      why: "a CPU on a node that nobody asked for pays for every walk",
      violation: ({ shared }) =>
        this.eachCpu((cpu) => {
          const root = this.root(shared, cpu);
          if (!this.runs(shared, cpu) || this.takesNoInterrupts(shared, cpu) || root === home) return undefined;
          const node = layout.tables.nodeOfFrame(root);
          const own = layout.tables.nodeOfCpu(cpu);
          if (node === own || node === shared[layout.space(0) + SPACE.STEERING + own]) return undefined;
          return `cpu ${cpu} of node ${own} is on node ${node}`;
        }),
    };
  }

  get noRootIsEarly(): PublicationClaim {
    return {
      id: "I18",
      name: "noRootIsEarly",
      why: "a copy that enable is still at work on leads to tables of another node, or nowhere",
      violation: ({ shared }) => {
        const early = shared[this.machine.ghost(GHOST.EARLY)]!;
        return early === 0 ? undefined : `frame ${early - 1} was loaded as a root while enable was at work`;
      },
    };
  }

  get disabledMeansHome(): PublicationClaim {
    return {
      id: "I21",
      name: "disabledMeansHome",
      why: "when disable has returned, every root but home's is free",
      violation: ({ shared }) => {
        if (shared[this.machine.ghost(GHOST.DISABLED)] === 0) return undefined;
        return this.eachCpu((cpu) => {
          const root = this.root(shared, cpu);
          if (!this.runs(shared, cpu) || this.takesNoInterrupts(shared, cpu) || root === this.machine.home)
            return undefined;
          return `disable has returned, cpu ${cpu} is on frame ${root}, home is frame ${this.machine.home}`;
        });
      },
    };
  }

  get reachableTablesAreLive(): PublicationClaim {
    return {
      id: "I25",
      name: "reachableTablesAreLive",
      why: "a CPU that still reaches a freed table reads, and writes A and D into, somebody else's page",
      violation: ({ shared }) => this.eachCpu((cpu) => this.badWay(shared, cpu)),
    };
  }

  get membersAgree(): PublicationClaim {
    return {
      id: "I5",
      name: "membersAgree",
      why: "when nobody holds a table's lock and no enable is at work, a write that one member lacks is lost",
      violation: ({ shared }) => {
        const { layout, ghost } = this.machine;
        if (shared[ghost(GHOST.BUILDING)] !== 0) return undefined;
        for (let number = 0; number < layout.tableFrames; number++) {
          const base = layout.tableFrame(number);
          if (!this.isLeafBase(shared, base) || shared[layout.descriptor(base) + 1] !== 0) continue;
          const witness = this.differsFrom(shared, base);
          if (witness !== undefined) return witness;
        }
        return undefined;
      },
    };
  }

  /** The claims about single steps, on the words that complete executions leave. */
  get orderAtEnd(): PublicationClaim {
    const { layout } = this.machine;
    return {
      id: "states",
      rules: [...new Set(STATE_CLAIMS.map(({ id }) => id))],
      name: "allIsInOrderAtEnd",
      why: "what threads leave behind is a state like any other",
      violation: ({ shared }) => {
        const words = new Int32Array(layout.words);
        words.set(shared.subarray(0, layout.stateWords));
        const replication = new Replication(words, layout.geometry, SMALL);
        const view = {
          memory: new Memory(words, layout),
          replication,
          hasAmpleTables: hasAmpleTables(layout.geometry),
        };
        for (const { id, violations } of STATE_CLAIMS) {
          for (const witness of violations(view)) return `${id}: ${witness}`;
        }
        return undefined;
      },
    };
  }

  /** What an access of the hardware may come to: frames, or FAULT. */
  finds(thread: number, operation: number, allowed: readonly number[]): PublicationClaim {
    return {
      id: "I36",
      name: "walksFindWhatThereWas",
      why: "a translation that no entry ever held sends an access to memory of others",
      violation: (view) => answersOtherwise(view, thread, operation, allowed, frameText),
    };
  }

  /** What a read of the kernel may come to: leaves as `leafRead` packs them, or FAULT for none. */
  reads(thread: number, operation: number, allowed: readonly number[]): PublicationClaim {
    return {
      id: "I12",
      name: "readsSeeWhatThereWas",
      why: "a leaf that is read without the D that hardware has set is thrown away without being written back",
      violation: (view) => answersOtherwise(view, thread, operation, allowed, leafText),
    };
  }

  /** No TLB has a translation any more, of any page, when all operations of the thread have returned. */
  nothingTranslates(thread: number, operations: number): PublicationClaim {
    return {
      id: "I37",
      name: "nothingTranslates",
      why: "what a TLB still permits when the leaf has gone is an access to memory that others may own by now",
      violation: (view) => {
        if (view.returned(thread) < operations) return undefined;
        return this.eachCpu((cpu) =>
          view.shared[this.machine.layout.tables.tlbIndex(cpu) + TLB_LOW] === 0
            ? undefined
            : `the leaf has gone, cpu ${cpu} still has a translation`,
        );
      },
    };
  }

  /** No translation grants writing and execution, where no entry ever has. */
  get rightsAreNotMixed(): PublicationClaim {
    return {
      id: "I36",
      name: "rightsAreNotMixed",
      why: "the two words of an entry, taken from before and behind a change, are rights that nobody gave",
      violation: ({ shared }) =>
        this.eachCpu((cpu) => {
          const word = shared[this.machine.layout.tables.tlbIndex(cpu) + TLB_LOW]!;
          const isMixed = (word & RIGHT_WRITE) !== 0 && (word & RIGHT_EXECUTE) !== 0;
          return isMixed ? `cpu ${cpu} may write to a page and execute it` : undefined;
        }),
    };
  }

  private eachCpu(violation: (cpu: number) => string | undefined): string | undefined {
    for (let cpu = 0; cpu < this.machine.layout.cpus; cpu++) {
      const found = violation(cpu);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private badRoot(shared: Int32Array, cpu: number): string | undefined {
    const root = this.root(shared, cpu);
    if (root !== NO_ROOT && !this.isTable(shared, root))
      return `cpu ${cpu} has frame ${root} loaded, which is no table`;
    // In the middle of a switch the CPU is seen to run what it has not loaded yet.
    if (!this.runs(shared, cpu) || this.takesNoInterrupts(shared, cpu)) return undefined;
    if (shared[this.machine.layout.cpuPid(cpu)] !== PID || root === this.machine.home) return undefined;
    for (let node = 0; node < this.machine.layout.nodes; node++) {
      if (shared[this.machine.layout.space(0) + SPACE.SLOTS + node] === root + 1) return undefined;
    }
    return `cpu ${cpu} is on frame ${root}, which is neither home's root nor a copy`;
  }

  /** Beyond the root: what the CPU remembers of tables, and the one that it is reading. */
  private badWay(shared: Int32Array, cpu: number): string | undefined {
    const { layout, ghost } = this.machine;
    const walking = shared[ghost(GHOST.WALKING + cpu)]! - 1;
    if (walking >= 0 && !this.isTable(shared, walking))
      return `cpu ${cpu} is reading frame ${walking}, which is no table`;
    const { levels, geometry } = layout.tables;
    for (let level = 2; level <= levels; level++) {
      const first = layout.tables.walkCacheIndex(cpu, level);
      for (let slot = 0; slot < geometry.walkCacheSlots; slot++) {
        const child = shared[first + slot * SLOT_WORDS + CHILD]!;
        if (shared[first + slot * SLOT_WORDS + RIGHTS] === 0 || this.isTable(shared, child)) continue;
        return `cpu ${cpu} remembers frame ${child}, which is no table`;
      }
    }
    return undefined;
  }

  private isLeafBase(shared: Int32Array, frame: number): boolean {
    const meta = shared[this.machine.layout.descriptor(frame)]!;
    return (meta & USE_MASK) === IN_USE && (meta & LEVEL_AND_BASE) === LEAF_BASE;
  }

  /** What a member of the base's ring has otherwise, A and D apart. */
  private differsFrom(shared: Int32Array, base: number): string | undefined {
    const { layout } = this.machine;
    const { tables } = layout;
    const start = layout.link(base);
    let link = shared[start]!;
    for (let step = 0; step < layout.nodes && link !== 0 && link !== start; step++) {
      const member = layout.linked(link);
      for (let word = 0; word < tables.tableWords; word++) {
        const used = word % 2 === 0 ? USED : 0;
        const one = shared[tables.tableIndex(base) + word]! & ~used;
        const other = shared[tables.tableIndex(member) + word]! & ~used;
        if (one !== other) return `nobody holds the lock, frames ${base} and ${member} differ in word ${word}`;
      }
      link = shared[link]!;
    }
    return undefined;
  }

  private root(shared: Int32Array, cpu: number): number {
    return shared[this.machine.layout.tables.cpuIndex(cpu)]!;
  }

  private runs(shared: Int32Array, cpu: number): boolean {
    return shared[this.machine.layout.cpuPid(cpu)] !== 0;
  }

  private takesNoInterrupts(shared: Int32Array, cpu: number): boolean {
    return shared[this.machine.layout.cpuWaits(cpu)] !== 0;
  }

  private isTable(shared: Int32Array, frame: number): boolean {
    const { layout } = this.machine;
    return layout.tables.isTableFrame(frame) && (shared[layout.descriptor(frame)]! & USE_MASK) === IN_USE;
  }
}

/** An access that ends in a fault, a read that finds no leaf. */
export const FAULT = -1;
const SLOT_WORDS = 4;
const CHILD = 2;
const RIGHTS = 3;
const TLB_LOW = 2;

/** A leaf that was read, as one number. */
export function leafRead(frame: number, accessed: boolean, dirty: boolean, executable: boolean): number {
  return frame * 8 + (accessed ? 1 : 0) + (dirty ? 2 : 0) + (executable ? 4 : 0);
}

function leafText(read: number): string {
  if (read === FAULT) return "no leaf";
  return `frame ${read >>> 3} ${(read & 1) === 0 ? "-" : "A"}${(read & 2) === 0 ? "-" : "D"}${(read & 4) === 0 ? "-" : "X"}`;
}

function frameText(found: number): string {
  return found === FAULT ? "nothing" : `frame ${found}`;
}

function answersOtherwise(
  view: View,
  thread: number,
  operation: number,
  allowed: readonly number[],
  text: (answer: number) => string,
): string | undefined {
  if (view.returned(thread) <= operation) return undefined;
  const answer = Math.max(FAULT, view.result(thread, operation));
  if (allowed.includes(answer)) return undefined;
  return `the answer is ${text(answer)}, expected ${allowed.map(text).join(" or ")}`;
}
