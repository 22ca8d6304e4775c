import { describe, expect, it } from "vitest";
import { explore } from "../../explore/explore.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import * as at from "../../impl/coherency/layout.js";
import { ENTRY_MAPPED, ENTRY_PRESENT, ENTRY_WRITABLE, entryBitsOf } from "../../impl/coherency/permissions.js";
import { permissionsOf } from "../../model/coherency/permissions.js";
import { type EntryBits, permissionClaims } from "../../properties/coherency/permission-claims.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";

it("sets the bits that the reference names, in every state", () => {
  for (const [state, name] of COPY_STATES.entries()) {
    const bits = entryBitsOf(state);
    const found = {
      mapped: (bits & ENTRY_MAPPED) !== 0,
      read: (bits & ENTRY_PRESENT) !== 0,
      write: (bits & ENTRY_WRITABLE) !== 0,
    };
    expect(found, name).toEqual(permissionsOf(name));
  }
});

/** The first of the claims that breaks, when entries are set by `bitsOf`; or `held`. */
function firstBroken(bitsOf: EntryBits, exit: "atomic" | "delayed", ids = ["T1", "T2", "T3", "T4"]): string {
  const machine = new ExploredCluster(configuration({ channels: "unordered", exit }));
  const always = permissionClaims(bitsOf)
    .filter(({ id }) => ids.includes(id))
    .map((claim) => ({ name: claim.id, violation: () => claim.witness(machine) }));
  const { violations, verdict } = explore(machine, { always }, { store: "full" });
  return violations[0]?.invariant ?? verdict;
}

/** The production bits with some more, or fewer, in one state. */
function changed(state: number, flip: number): EntryBits {
  return (asked) => (asked === state ? entryBitsOf(asked) ^ flip : entryBitsOf(asked));
}

describe.each(["atomic", "delayed"] as const)("two kernels, unordered, %s exit", (exit) => {
  it("lets the page tables permit exactly what the protocol permits", () => {
    expect(firstBroken(entryBitsOf, exit)).toBe("held");
  });

  it.each([
    { claim: "T1", what: "Modified not present", bits: changed(at.MODIFIED, ENTRY_PRESENT) },
    { claim: "T2", what: "Shared writable", bits: changed(at.SHARED, ENTRY_WRITABLE) },
    { claim: "T3", what: "Invalid present", bits: changed(at.INVALID_COPY, ENTRY_PRESENT) },
    { claim: "T4", what: "Shared not present", bits: changed(at.SHARED, ENTRY_PRESENT) },
    { claim: "T3", what: "WPend1 still readable (A22)", bits: changed(at.W_PEND_1, ENTRY_PRESENT) },
  ])("notices $what ($claim)", ({ claim, bits }) => {
    expect(firstBroken(bits, exit, [claim])).toBe(claim);
  });
});
