import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportOf } from "../../impl/contiguity/coverage.js";
import { StackedMachine } from "../../impl/contiguity/stacked-machine.js";
import { stackedSampleScopes } from "../../properties/contiguity/stacked-samples.js";
import { stackedSystem } from "../../properties/contiguity/stacked-system.js";
import { sample } from "../../properties/engine/sample.js";
import type { MachineOperation, MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { StackedOperation, StackedShape } from "../../vocabulary/contiguity/stacked.js";
import { expectExhausted, expectKilled, isSeenToFail } from "./judge.js";
import { run } from "./run.js";

describe("every reachable state", () => {
  it.each(stackedSystem.scopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    expectExhausted(stackedSystem, scope);
  });
});

describe("random commands", () => {
  it.each(stackedSampleScopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    const { verdict, counterexample } = sample(stackedSystem, scope, { seed: 7, runs: 20 });
    expect(counterexample).toBeUndefined();
    expect(verdict).toBe("held");
  });
});

describe("each rule is needed", () => {
  const steps = {
    "host-absent": 1,
    "offsets-add": 2,
    "guest-gap": 4,
    "huge-in-both": 4,
    "host-gap": 5,
    "flags-cut": 4,
  };
  it.each(stackedSystem.mutants.map((mutant) => [`${mutant.id}: ${mutant.rule}`, mutant] as const))(
    "%s",
    (_, mutant) => {
      expectKilled(stackedSystem, mutant, { ...steps, "equal-offsets": 6 }[mutant.id]);
    },
  );
});

describe("each claim is seen to fail", () => {
  const claims = stackedSystem.invariants.filter(({ id }) => id.startsWith("V"));
  it.each(claims.map(({ id, name }) => [id, name]))("%s %s", (id) => {
    expect(isSeenToFail(stackedSystem, id)).toBe(true);
  });
});

describe("what introspection prints, recorded and read again", () => {
  const { guest, host, guests } = stackedSampleScopes.find(({ name }) => name === "two-guests-x86-64")!
    .shape as unknown as StackedShape;
  const sized = (of: MachineShape, end: number): MachineShape => ({
    ...of,
    memory: { ...of.memory, zones: [{ name: "Normal", first: 0, end }] },
  });
  const shape: StackedShape = { guests, guest: sized(guest, 4096), host: sized(host, 8192) };
  const machine = new StackedMachine(new Int32Array(StackedMachine.wordsNeeded(shape)), shape);
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "contiguity-"));
    machine.initialise();
    for (const operation of story()) {
      expect(machine.enabled(operation)).toBe(true);
      machine.perform(operation);
    }
    const texts = machine.perform({ kind: "introspect", guest: 0, process: 0 });
    if (texts.kind !== "texts") throw new Error("expected texts");
    for (const name of ["comm", "maps", "pagemap"] as const) writeFileSync(join(folder, name), texts[name]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is the report that the machine has of itself", async () => {
    const { code, out } = await run({ guest: folder, json: true });
    expect(code).toBe(0);
    const own = JSON.parse(JSON.stringify(reportOf(machine.histograms(0, 0))));
    expect(JSON.parse(out)).toEqual({ version: 1, ...own });
    expect(own.workingSet).toEqual({ presentPages: 512 + 512 + 1 + 3, smallPages: 512 + 1 + 3, hugePages: 1 });
  });

  it("says of each page what both tables have", async () => {
    const texts = machine.perform({ kind: "introspect", guest: 0, process: 0 });
    if (texts.kind !== "texts") throw new Error("expected texts");
    expect(texts.comm).toBe("program-3\n");
    expect(texts.maps).toBe("0x200000-0xbb8000\n0xfa0000-0xfaa000\n");
    const lines = texts.pagemap.split("\n");
    expect(lines).toHaveLength(3000 - 512 + 10 + 1);
    expect(lines[0]).toBe("GFN:0x400\tGFLAGS:0xe7\tGLEVEL:0x2\tPFN:0x800\tHFLAGS:0xe7\tHLEVEL:0x2");
    expect(lines[1536]).toBe("GFN:0xFFFFFFFF\tGFLAGS:0\tGLEVEL:0\tPFN:0\tHFLAGS:0\tHLEVEL:0");
    expect(lines.filter((line) => line.includes("PFN:0xFFFFFFFF"))).toHaveLength(511);
  });
});

/** Huge on huge, huge on small, small on huge, a page that the host took back, a hole. */
function story(): readonly StackedOperation[] {
  const inGuest = (does: MachineOperation) => ({ kind: "guest", guest: 0, does }) as const;
  const access = (page: number, order: number) =>
    ({ kind: "access", guest: 0, process: 0, page, writes: true, order }) as const;
  const fault = (area: number, page: number, order: number) =>
    inGuest({ kind: "fault", process: 0, area, page, order });
  return [
    { kind: "host", does: { kind: "enable", process: 0, on: true } },
    ...[
      { kind: "spawn", process: 0 } as const,
      { kind: "exec", process: 0, name: 3 } as const,
      { kind: "map", process: 0, area: 0, first: 512, end: 3000 } as const,
      { kind: "map", process: 0, area: 1, first: 4000, end: 4010 } as const,
      { kind: "enable", process: 0, on: true } as const,
    ].map(inGuest),
    ...[fault(0, 512, 9), fault(0, 1024, 9), fault(0, 1536, 9)],
    ...[access(512, 9), access(1024, 0)],
    ...Array.from({ length: 511 }, (_, at) => access(1025 + at, 0)),
    access(1536, 0),
    ...[4000, 4001, 4002].map((page) => fault(1, page, 0)),
    access(4000, 9),
    ...[4001, 4002].map((page) => access(page, 0)),
  ];
}
