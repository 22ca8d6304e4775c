import { describe, expect, it } from "vitest";
import { AtomicPort } from "../../impl/memory-port.js";
import { apply } from "../../impl/page-table/apply.js";
import { PageTable } from "../../impl/page-table/page-table.js";
import { sample } from "../../properties/engine/sample.js";
import { runScenario } from "../../properties/engine/scenario.js";
import * as op from "../../properties/page-table/build.js";
import { pageTable } from "../../properties/page-table/system.js";
import { geometry } from "../../vocabulary/geometry.js";

describe("both twins in step", () => {
  it.each(pageTable.scenarios.map((scenario) => [scenario.title, scenario] as const))("%s", (_, scenario) => {
    expect(runScenario(pageTable, scenario)).toMatchObject({ verdict: "held" });
  });

  it.each([
    ["small-tables", 300],
    ["four-levels", 15],
    ["five-levels", 15],
  ] as const)("agree on random operations: %s, %i runs", (name, runs) => {
    const scope = pageTable.sampleScopes.find((each) => each.name === name)!;
    const { verdict, counterexample, taken } = sample(pageTable, scope, { seed: 11, runs });
    expect(counterexample).toBeUndefined();
    expect(verdict).toBe("held");
    for (const [item, times] of Object.entries(taken)) expect(`${item} ${times > 0}`).toBe(`${item} true`);
  });
});

describe("the stand-alone system", () => {
  const machine = geometry({ tableFrames: 8, dataFrames: 8 });

  it("runs over shared memory as over private memory", () => {
    const words = new Int32Array(new SharedArrayBuffer(4 * PageTable.wordsNeeded(machine)));
    const system = PageTable.attach(new AtomicPort(words), machine);
    system.initialise();
    apply(system, op.load(0));
    expect(apply(system, op.map(0, 2 ** 36 - 1, 2 ** 40 - 1))).toEqual({ kind: "done" });
    // A second owner of the same words.
    const other = PageTable.attach(new AtomicPort(words), machine);
    expect(apply(other, op.access(0, 2 ** 52 - 1, "write"))).toEqual({ kind: "translated", frame: 2 ** 40 - 1 });
  });

  it.each([
    [op.map(0, 1, 0, { level: 2 }), "page 1 and frame 0 must be multiples of 512"],
    [op.map(0, 0, 2 ** 40), "frame is 1099511627776: expected an integer from 0 to 1099511627775"],
    [op.map(0, 2 ** 36, 0), "page is 68719476736"],
    [op.map(0, 0, 0, { rights: "---" }), "rights are ---"],
    [op.map(4, 0, 0), "cpu is 4: expected an integer from 0 to 3"],
    [op.access(0, 0.5, "read"), "virtualPage is 0.5"],
    [op.access(1, 0, "read"), "cpu 1 has no root loaded"],
  ] as const)("refuses what no caller may ask: %j", (operation, message) => {
    const system = PageTable.attach(new AtomicPort(new Int32Array(PageTable.wordsNeeded(machine))), machine);
    system.initialise();
    expect(() => apply(system, operation)).toThrow(message);
  });
});
