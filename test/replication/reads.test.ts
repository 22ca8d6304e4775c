/** State invariants look at no word but those of the parts that they name: so an engine may leave out what has not changed. */
import { describe, expect, it } from "vitest";
import { PlainPort } from "../../impl/memory-port.js";
import { replicationLayout } from "../../impl/replication/layout.js";
import { Replication } from "../../impl/replication/replication.js";
import type { AnySystem } from "../../properties/engine/any-system.js";
import { sample } from "../../properties/engine/sample.js";
import type { Shape } from "../../properties/engine/system.js";
import { Memory } from "../../properties/replication/memory.js";
import { partsOf } from "../../properties/replication/parts.js";
import { extrasOf, geometryOf } from "../../properties/replication/shape.js";
import { replication } from "../../properties/replication/system.js";
import { hasAmpleTables, type View } from "../../properties/replication/view.js";

const scopeOf = (name: string) => replication.sampleScopes.find((scope) => scope.name === name)!;

/** A view of words of its own that notes the part of every word which is read. */
function recorder(shape: Shape): { readonly view: View; readonly words: Int32Array; readonly read: Set<string> } {
  const layout = replicationLayout(geometryOf(shape), extrasOf(shape));
  const words = new Int32Array(layout.words);
  const read = new Set<string>();
  const partOf = new Array<string>(layout.words);
  for (const { name, first, end } of partsOf(layout)) partOf.fill(name, first, end);
  const watched = new Proxy(words, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) read.add(partOf[Number(key)]!);
      return Reflect.get(target, key, target);
    },
  });
  const system = new Replication(watched, layout.geometry, { ...extrasOf(shape), port: new PlainPort(watched) });
  return {
    view: { memory: new Memory(watched, layout), replication: system, hasAmpleTables: hasAmpleTables(layout.geometry) },
    words,
    read,
  };
}

describe.each(["crowded", "starved"])("in %s", (name) => {
  const scope = scopeOf(name);
  const { view, words, read } = recorder(scope.shape);
  const seen = new Map<string, Set<string>>(replication.invariants.map(({ id }) => [id, new Set()]));
  const listening: AnySystem = {
    ...(replication as unknown as AnySystem),
    invariants: replication.invariants.map((invariant) => ({
      ...invariant,
      *violations(live: unknown) {
        words.set((live as View).memory.words);
        view.memory.forget();
        read.clear();
        yield* invariant.violations(view);
        for (const part of read) seen.get(invariant.id)!.add(part);
      },
    })),
  };

  it("reads stay within the parts that are named", () => {
    expect(sample(listening, scope as never, { seed: 3, runs: 60 }).verdict).toBe("held");
    for (const { id, reads } of replication.invariants) {
      const strays = [...seen.get(id)!].filter((part) => reads !== undefined && !reads.includes(part));
      expect(strays, id).toEqual([]);
      expect(seen.get(id)!.size, `${id} looks at nothing`).toBeGreaterThan(0);
    }
  });
});
