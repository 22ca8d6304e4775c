/** What the page-table bits of all kernels together must keep: T1 to T4 of the specification, section 9. */
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import * as at from "../../impl/coherency/layout.js";
import { ENTRY_PRESENT, ENTRY_WRITABLE, entryBitsOf } from "../../impl/coherency/permissions.js";
import { isFreshIn, pendingIn, stateIn } from "../../impl/coherency/vector-layout.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import type { StateClaim } from "./claims.js";

/** The bits of an entry, for a copy in this state. */
export type EntryBits = (state: number) => number;

/** @param bitsOf the production rule, or a wrong one that a claim must catch */
export function permissionClaims(bitsOf: EntryBits = entryBitsOf): readonly StateClaim[] {
  const bits = ({ words }: ExploredCluster, kernel: number) => bitsOf(stateIn(words, kernel));
  return [
    {
      id: "T1",
      name: "writableIsPresent",
      why: "hardware does not look at RW of an entry that is not present",
      witness: (machine) =>
        firstKernel(
          machine,
          (kernel) => (bits(machine, kernel) & ENTRY_WRITABLE) !== 0 && (bits(machine, kernel) & ENTRY_PRESENT) === 0,
        ),
    },
    {
      id: "T2",
      name: "writableIsAlone",
      why: "the processors check only these bits: this is single writer or readers, as hardware sees it",
      witness: (machine) =>
        firstKernel(machine, (kernel) => {
          if ((bits(machine, kernel) & ENTRY_WRITABLE) === 0) return false;
          return (
            firstKernel(machine, (other) => other !== kernel && (bits(machine, other) & ENTRY_PRESENT) !== 0) !==
            undefined
          );
        }),
    },
    {
      id: "T3",
      name: "presentIsFresh",
      why: "a load that does not fault returns what is in the frame",
      witness: (machine) =>
        firstKernel(
          machine,
          (kernel) => (bits(machine, kernel) & ENTRY_PRESENT) !== 0 && !isFreshIn(machine.words, kernel),
        ),
    },
    {
      id: "T4",
      name: "faultsEnterTheProtocol",
      why: "an access that the bits permit sends nothing, and every other one is seen by the protocol",
      witness(machine) {
        return firstKernel(machine, (kernel) => {
          if (at.isWaiting(stateIn(machine.words, kernel))) return (bits(machine, kernel) & ENTRY_PRESENT) !== 0;
          if (pendingIn(machine.words, kernel) !== at.PENDING_NONE) return false;
          const faultsOnRead = (bits(machine, kernel) & ENTRY_PRESENT) === 0;
          const faultsOnWrite = (bits(machine, kernel) & ENTRY_WRITABLE) === 0;
          // The first store to the only copy is a step of the ghost: it sends nothing and traps nowhere.
          const entersOnWrite = machine.canWrite(kernel) && stateIn(machine.words, kernel) !== at.NOT_REPLICATED;
          return faultsOnRead !== machine.canRead(kernel) || faultsOnWrite !== entersOnWrite;
        });
      },
    },
  ];
}

function firstKernel(machine: ExploredCluster, isWrong: (kernel: number) => boolean): string | undefined {
  for (let kernel = 0; kernel < machine.cluster.kernels; kernel++)
    if (isWrong(kernel)) return `K${kernel} in ${COPY_STATES[stateIn(machine.words, kernel)]}`;
  return undefined;
}
