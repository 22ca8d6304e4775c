import { describe, expect, it } from "vitest";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { KernelPageTable } from "../../impl/coherency/kernel-page-table.js";
import * as at from "../../impl/coherency/layout.js";
import { PagedCluster } from "../../impl/coherency/paged-cluster.js";
import { PagedExploration } from "../../impl/coherency/paged-exploration.js";
import { ENTRY_MAPPED, ENTRY_PRESENT, ENTRY_WRITABLE, entryBitsOf } from "../../impl/coherency/permissions.js";
import { PAGE_TABLE_RULES } from "../../impl/page-table/rules.js";
import { permissionsOf } from "../../model/coherency/permissions.js";
import { explorePaged } from "../../properties/coherency/paged-search.js";
import { coherencyScopes } from "../../properties/coherency/scopes.js";
import { type CoherencyShape, configurationOfShape } from "../../properties/coherency/shape.js";
import { coherency } from "../../properties/coherency/system.js";
import { storyOfViolation } from "../../properties/coherency/whole-space.js";
import { replay } from "../../properties/engine/replay.js";
import { type Configuration, configuration } from "../../vocabulary/coherency/configuration.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";

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

const holding = coherencyScopes.filter(({ effort, profile }) => effort === "quick" && profile !== "literal");

it.each(holding)(
  "the page tables permit exactly what the protocol permits: $name",
  ({ configuration: scope, expected }) => {
    const found = explorePaged(scope);
    expect(found).toMatchObject({ verdict: "held", exhausted: true, ...expected });
  },
);

it("does so where all kernels begin with a copy", () => {
  expect(explorePaged(configuration({ start: "shared" })).verdict).toBe("held");
});

/** A cluster whose entries have some more bits, or fewer, in one state. */
function changed(state: number, flip: number): typeof PagedCluster {
  return class extends PagedCluster {
    protected override bitsOf(asked: number): number {
      return asked === state ? entryBitsOf(asked) ^ flip : entryBitsOf(asked);
    }
  };
}

class SendsFirst extends PagedCluster {
  protected override publish(kernel: number): boolean {
    const isRoom = this.post(kernel);
    this.changeEntry(kernel);
    return isRoom;
  }
}

/** Takes rights away in the entry and leaves them in the TLB. */
class FlushesNothing extends PagedCluster {
  protected override tableOf(words: Int32Array): KernelPageTable {
    return new KernelPageTable(words, { ...PAGE_TABLE_RULES, protectFlushes: false });
  }
}

/** The same with entries that were read-only alone: what stays behind comes from loads. */
class FlushesStoresOnly extends PagedCluster {
  protected override tableOf(words: Int32Array): KernelPageTable {
    const lazy = new KernelPageTable(words, { ...PAGE_TABLE_RULES, protectFlushes: false });
    const table = new KernelPageTable(words);
    const follow = table.follow.bind(table);
    table.follow = (bits) => ((table.bits() & ENTRY_WRITABLE) === 0 ? lazy.follow(bits) : follow(bits));
    return table;
  }
}

const normative: Partial<Configuration> = { channels: "unordered" };
const yields: Partial<Configuration> = { ...normative, rules: { ...PROFILES.normative, modifiedAnswers: "ack" } };

describe.each(["atomic", "delayed"] as const)("two kernels, unordered, %s exit", (exit) => {
  it.each([
    {
      claim: "T1",
      what: "RW left behind when Modified goes down",
      scope: normative,
      Paged: changed(at.SHARED, ENTRY_PRESENT),
    },
    { claim: "T1", what: "RW left behind when Modified is taken away", scope: yields, Paged: PagedCluster },
    { claim: "T2", what: "Shared writable", scope: normative, Paged: changed(at.SHARED, ENTRY_WRITABLE) },
    { claim: "T3", what: "Invalid present", scope: normative, Paged: changed(at.INVALID_COPY, ENTRY_PRESENT) },
    { claim: "T3", what: "WPend2 present", scope: normative, Paged: changed(at.W_PEND_2, ENTRY_PRESENT) },
    { claim: "T3", what: "WPend1 still readable (A22)", scope: normative, Paged: changed(at.W_PEND_1, ENTRY_PRESENT) },
    { claim: "T4", what: "Shared not present", scope: normative, Paged: changed(at.SHARED, ENTRY_PRESENT) },
    { claim: "T4", what: "Modified not writable", scope: normative, Paged: changed(at.MODIFIED, ENTRY_WRITABLE) },
    { claim: "T5", what: "messages that leave before the entry changes", scope: normative, Paged: SendsFirst },
    { claim: "T5", what: "translations that stay behind", scope: normative, Paged: FlushesNothing },
    { claim: "T5", what: "translations of loads that stay behind", scope: normative, Paged: FlushesStoresOnly },
  ])("notices $what ($claim)", ({ claim, scope, Paged }) => {
    const found = explorePaged(configuration({ ...scope, exit }), { claims: [claim], Paged });
    expect(found.violations.map(({ invariant }) => invariant.split(" ")[0])).toEqual([claim]);
  });

  it("holds as well where only the order of messages and entries is asked for and both are right", () => {
    const found = explorePaged(configuration({ ...normative, exit }), { claims: ["T5"] });
    expect(found.verdict).toBe("held");
  });
});

it("tells a broken page table as a story that can be replayed", () => {
  const shape: CoherencyShape = {
    kernels: 2,
    channels: "unordered",
    exit: "atomic",
    profile: "normative",
    without: null,
    claim: null,
    rules: ["modified-answers=ack"],
  };
  const [violation] = explorePaged(configurationOfShape(shape), { claims: ["T1"] }).violations;
  const document = storyOfViolation(shape, violation!.path, violation!);
  expect(document.violation).toMatchObject({ invariant: "T1", step: violation!.path.length });
  expect(document.violation.witness).toEqual(["K1 in Invalid"]);
  expect(replay(coherency, document)).toMatchObject({ verdict: "recurs", step: violation!.path.length });
});

it("walks the same vectors with page tables and without", () => {
  const scope = configuration({ kernels: 3, channels: "unordered" });
  const [paged, plain] = [new PagedExploration(scope), new ExploredCluster(scope)];
  paged.initialise();
  plain.initialise();
  for (let step = 0; step < 3_000; step++) {
    const enabled = Array.from({ length: plain.actionCount }, (_, action) => action).filter((one) =>
      plain.enabled(one),
    );
    const action = enabled[(step * 7919) % enabled.length]!;
    expect(paged.enabled(action)).toBe(true);
    paged.perform(action);
    plain.perform(action);
    expect([...paged.words.subarray(0, plain.stateWords), paged.outcome]).toEqual([...plain.words]);
  }
});
