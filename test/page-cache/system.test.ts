import { describe, expect, it } from "vitest";
import { exhaust } from "../../properties/engine/exhaust.js";
import { hunt } from "../../properties/engine/hunt.js";
import { sample } from "../../properties/engine/sample.js";
import { pageCache } from "../../properties/page-cache/system.js";

describe("every reachable state of the page cache, the reference in step", () => {
  it.each(pageCache.scopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    const { verdict, exploration, counterexample, unreached } = exhaust(pageCache, scope);
    expect(counterexample?.violation).toBeUndefined();
    expect([verdict, unreached]).toEqual(["held", []]);
    expect(exploration).toMatchObject({ exhausted: true, store: "full", inStep: 1 });
    expect(exploration!.actionCounts.every((count) => count > 0)).toBe(true);
    const { states, transitions, depth } = exploration!;
    expect({ states, transitions, depth }).toEqual(scope.expected);
  });

  it("is the same for both layouts of heads", () => {
    const [frame, , address] = pageCache.scopes;
    expect(address!.expected).toEqual(frame!.expected);
  });

  it.each(pageCache.sampleScopes.map((scope) => [scope.title, scope] as const))("agrees in %s", (_, scope) => {
    const found = sample(pageCache, scope, { seed: 1, runs: 60 });
    expect([found.verdict, found.counterexample]).toEqual(["held", undefined]);
    expect(Object.values(found.taken).every((times) => times > 0)).toBe(true);
  });
});

describe("what cannot be asked", () => {
  it.each([
    { kind: "pop", node: -1 },
    { kind: "pop", node: 2 },
    { kind: "drain", node: -1 },
    { kind: "drain", node: 2 },
    { kind: "push", frame: -1 },
    { kind: "push", frame: 4 },
    { kind: "push", frame: 0 },
    { kind: "write", frame: 0 },
    { kind: "populate", target: -1 },
  ] as const)("is not enabled in either twin: %j", (operation) => {
    const shape = { nodes: 2, framesPerNode: 2, pageWords: 1, tagBits: 1 };
    const { reference } = pageCache;
    expect([pageCache.twin(shape).enabled(operation), reference.enabled(reference.initial(shape), operation)]).toEqual([
      false,
      false,
    ]);
  });
});

describe("each rule is needed by one operation after another", () => {
  it.each(pageCache.mutants.map((mutant) => [`${mutant.id}: ${mutant.rule}`, mutant] as const))("%s", (_, mutant) => {
    const { verdict, unexpected } = hunt(pageCache, mutant, { seed: 1, runs: 10 });
    expect([verdict, unexpected]).toEqual(["killed", false]);
  });
});

describe("each invariant can fail", () => {
  it.each([
    ["I3", 1, (words: Int32Array, page: number) => (words[page] = 0)],
    ["I10", 2, (words: Int32Array, page: number) => (words[page - 2] = 3 * 4 + 1)],
    ["I23", 1, (words: Int32Array, _: number, content: number) => (words[content] = 9)],
    ["I28", 1, (words: Int32Array, _: number, __: number, count: number) => words[count]!--],
  ] as const)("%s", (id, nodes, spoil) => {
    const shape = { nodes, framesPerNode: 2, pageWords: 1, tagBits: 1 };
    const { view, perform } = pageCache.twin(shape);
    perform({ kind: "populate", target: 2 });
    if (id === "I3") perform({ kind: "pop", node: 0 });
    const { layout } = view.raw;
    // With two nodes of two frames, frame 0's link is made to name frame 2 of the other node.
    const spoiled = id === "I10" ? 2 : 1;
    spoil(view.words, layout.page(spoiled), layout.content(1), layout.count(0));
    const failing = pageCache.invariants.filter((each) => [...each.violations(view)].length > 0).map((each) => each.id);
    expect(failing).toContain(id);
  });
});
