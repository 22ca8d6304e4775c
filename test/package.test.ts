import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SYSTEM_NAMES } from "../cli/systems.js";
import * as explore from "../explore/index.js";
import * as impl from "../impl/index.js";
import * as model from "../model/index.js";
import * as properties from "../properties/index.js";
import * as vocabulary from "../vocabulary/index.js";

type Version = readonly number[];

const isBefore = (one: Version, other: Version): boolean => {
  const place = one.findIndex((part, index) => part !== other[index]);
  return place >= 0 && one[place]! < other[place]!;
};

/** Whether a range of versions as npm writes it, such as `^20.19.0 || >= 22.12`, has this one. */
function allows(range: string, version: Version): boolean {
  return range.split("||").some((part) => {
    const [, sign, numbers] = /^\s*(\^|>=)\s*([\d.]+)\s*$/.exec(part) ?? [];
    if (sign === undefined) throw new Error(`${part}: expected ^ or >=, and a version`);
    const first = [...numbers!.split(".").map(Number), 0, 0].slice(0, 3);
    return !isBefore(version, first) && (sign === ">=" || version[0] === first[0]);
  });
}

describe("the package", () => {
  it("promises Node versions that each of its dependencies allows", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const { "": ours, ...theirs } = packages as Record<string, { engines?: { node?: string }; optional?: boolean }>;
    const promised = [
      [20, 19, 0],
      [22, 12, 0],
      [24, 0, 0],
      [26, 0, 0],
      [27, 0, 0],
    ];
    for (const version of promised) expect(allows(ours!.engines!.node!, version), `${version}`).toBe(true);
    for (const version of [
      [20, 18, 3],
      [21, 7, 3],
      [22, 11, 0],
      [23, 11, 0],
    ]) {
      expect(allows(ours!.engines!.node!, version), `${version}`).toBe(false);
    }
    for (const [name, { engines, optional = false }] of Object.entries(theirs)) {
      if (engines?.node === undefined || optional) continue;
      for (const version of promised) expect(allows(engines.node, version), `${name}, ${version}`).toBe(true);
    }
    expect(JSON.parse(readFileSync("package.json", "utf8")).engines).toEqual(ours!.engines);
  });

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

  it("lets a user search an instance of the coherency protocol, and step its reference", () => {
    const instance = vocabulary.coherencyConfiguration({ rules: vocabulary.COHERENCY_PROFILES.lean });
    expect(properties.searchCoherency(instance)).toMatchObject({ states: 150, transitions: 256, violations: [] });
    const first = model.initialCoherency(instance);
    expect([...model.coherency.operations(instance, first)]).toHaveLength(4); // two kernels, a read and a write each
  });

  it("has every system of the command, with its shape", async () => {
    const exported = Object.values(properties).flatMap((value) =>
      typeof value === "object" && "name" in value && "scopes" in value ? [value.name] : [],
    );
    expect(exported.toSorted()).toEqual(SYSTEM_NAMES.toSorted());
  });
});
