/**
 * What the page tables of all kernels together must keep: T1 to T5 of the specification, section 9. Judged on real entries,
 * and by what a processor can do with them.
 */
import { CoherencyEngine, engineWords } from "../../impl/coherency/engine.js";
import * as at from "../../impl/coherency/layout.js";
import { OUTBOX_WORDS, Outbox } from "../../impl/coherency/outbox.js";
import { OUTCOME_COMPLETED, OUTCOME_HIT } from "../../impl/coherency/outcome.js";
import { ACK_BEFORE_CLEAR, COPY_BEFORE_CLEAR } from "../../impl/coherency/paged-cluster.js";
import type { PagedExploration } from "../../impl/coherency/paged-exploration.js";
import { ENTRY_PRESENT, ENTRY_WRITABLE } from "../../impl/coherency/permissions.js";
import { isFreshIn, pendingIn, stateIn } from "../../impl/coherency/vector-layout.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";

/** A claim about every reachable state. */
export interface PermissionClaim {
  readonly id: string;
  readonly name: string;
  readonly why: string;
  /** The values that break it, or undefined. */
  witness(machine: PagedExploration): string | undefined;
}

const PAGE = 0;

const writableIsPresent: PermissionClaim = {
  id: "T1",
  name: "writableIsPresent",
  why: "hardware does not look at RW of an entry that is not present, so nobody would notice who can store when it is",
  witness: (machine) =>
    firstKernel(machine, (kernel) => (bitsOf(machine, kernel) & (ENTRY_WRITABLE | ENTRY_PRESENT)) === ENTRY_WRITABLE),
};

const writableIsAlone: PermissionClaim = {
  id: "T2",
  name: "writableIsAlone",
  why: "the processors check only these bits: this is single writer or readers, as hardware sees it",
  witness: (machine) =>
    firstKernel(
      machine,
      (kernel) =>
        (bitsOf(machine, kernel) & ENTRY_WRITABLE) !== 0 &&
        firstKernel(machine, (other) => other !== kernel && (bitsOf(machine, other) & ENTRY_PRESENT) !== 0) !==
          undefined,
    ),
};

const presentIsFresh: PermissionClaim = {
  id: "T3",
  name: "presentIsFresh",
  why: "a load that does not fault returns what is in the frame",
  witness: (machine) =>
    firstKernel(
      machine,
      (kernel) => (bitsOf(machine, kernel) & ENTRY_PRESENT) !== 0 && !isFreshIn(machine.words, kernel),
    ),
};

/** Each kernel's application loads and stores, by the processor and by the protocol: both must let it, or both not. */
const faultsEnterTheProtocol: PermissionClaim = {
  id: "T4",
  name: "faultsEnterTheProtocol",
  why: "an access that the bits permit completes without a message, and every other one is seen by the protocol",
  witness(machine) {
    machine.load();
    return firstKernel(machine, (kernel) => {
      const [loads, stores] = [processorDoes(machine, kernel, "load"), processorDoes(machine, kernel, "store")];
      if (at.isWaiting(stateIn(machine.words, kernel))) return loads || stores;
      // The one thread of a kernel with a pending access waits for it.
      if (pendingIn(machine.words, kernel) !== at.PENDING_NONE) return false;
      return loads !== isLocal(machine, kernel, "load") || stores !== isLocal(machine, kernel, "store");
    });
  },
};

/** Judged in every state. */
export const permissionClaims: readonly PermissionClaim[] = [
  writableIsPresent,
  writableIsAlone,
  presentIsFresh,
  faultsEnterTheProtocol,
];

/** Judged on every step. */
export const entryChangesFirst: PermissionClaim = {
  id: "T5",
  name: "entryChangesFirst",
  why: "between a message and the change of the entry, a load would read what is over and a store would be lost",
  witness({ late }) {
    const found = [
      ...((late & ACK_BEFORE_CLEAR) === 0 ? [] : ["an Ack left while its sender could still load"]),
      ...((late & COPY_BEFORE_CLEAR) === 0 ? [] : ["a Copy left while its sender could still store"]),
    ];
    return found.length === 0 ? undefined : found.join("; ");
  },
};

function bitsOf({ cluster }: PagedExploration, kernel: number): number {
  return cluster.tables[kernel]!.bits();
}

/** Leaves the table as it was. */
function processorDoes({ cluster }: PagedExploration, kernel: number, access: "load" | "store"): boolean {
  const table = cluster.tables[kernel]!;
  const does = access === "load" ? table.loads() : table.stores();
  table.rest();
  return does;
}

/** Whether the engine completes an access at once and says nothing to anybody. Asked of a copy of its words. */
function isLocal({ cluster, configuration }: PagedExploration, kernel: number, access: "load" | "store"): boolean {
  const { kernels, rules, exit } = configuration;
  const words = new Int32Array(engineWords(1));
  words.set(cluster.live.subarray(cluster.copy(kernel), cluster.copy(kernel) + words.length));
  const outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  const engine = new CoherencyEngine(words, outbox, { kernel, kernels, rules, exit });
  const outcome = access === "load" ? engine.read(PAGE, 0) : engine.write(PAGE, 0);
  return (outcome & (OUTCOME_HIT | OUTCOME_COMPLETED)) !== 0 && outbox.count === 0;
}

function firstKernel(machine: PagedExploration, isWrong: (kernel: number) => boolean): string | undefined {
  for (let kernel = 0; kernel < machine.cluster.kernels; kernel++)
    if (isWrong(kernel)) return `K${kernel} in ${COPY_STATES[stateIn(machine.words, kernel)]}`;
  return undefined;
}
