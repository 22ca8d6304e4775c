import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as explore from "../explore/index.js";
import * as impl from "../impl/index.js";
import * as model from "../model/index.js";
import * as properties from "../properties/index.js";
import * as vocabulary from "../vocabulary/index.js";

describe("the package", () => {
  it("has an entry for each room that a user imports, with types", () => {
    const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
    const rooms = ["vocabulary", "model", "impl", "explore", "properties"];
    const expected = rooms.map((room) => ({ types: `./dist/${room}/index.d.ts`, default: `./dist/${room}/index.js` }));
    expect([exports["."], ...rooms.slice(1).map((room) => exports[`./${room}`])]).toEqual(expected);
  });

  it("lets a user run both twins of a system and explore a scope of it", () => {
    const machine = vocabulary.geometry({
      levels: 2,
      indexBits: 1,
      kernelRootEntries: 0,
      tableFrames: 8,
      dataFrames: 4,
    });
    const words = new Int32Array(impl.replicationWordsNeeded(machine));
    const implementation = impl.Replication.initialise(words, machine);
    const spawn = { kind: "spawn", cpu: 0, pid: 1, comm: "init", cmdline: "init" } as const;
    const { outcome } = model.replication.apply(model.replication.initial(machine), spawn);
    expect(implementation.apply(spawn)).toEqual(outcome);
    const [scope] = properties.pageTable.scopes;
    expect(properties.exhaust(properties.pageTable, scope!).verdict).toBe("held");
    expect(typeof explore.explore).toBe("function");
  });
});
