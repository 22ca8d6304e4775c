/** What a caller without types leaves out, such as a counterexample that was edited by hand, is refused by both twins. */
import { expect, it } from "vitest";
import * as op from "../../properties/replication/build.js";
import { shapeOf } from "../../properties/replication/shape.js";
import { replication } from "../../properties/replication/system.js";
import { everywhere, toy } from "../../properties/replication/toy-machine.js";
import type { Operation } from "../../vocabulary/replication/operations.js";

it.each([
  [op.switchTo(0, 1), "cpu"],
  [op.map(0, 0, 1), "page"],
  [op.map(0, 0, 1), "pages"],
  [op.touch(0, 0), "page"],
  [op.split(0, 0), "page"],
] as const)("%j without its %s is not enabled", (operation, field) => {
  const shape = shapeOf(toy({ levels: 2, nodes: 2 }));
  const twin = replication.twin(shape);
  let state = replication.reference.initial(shape);
  for (const each of everywhere(2)) {
    twin.perform(each);
    state = replication.reference.apply(state, each).state;
  }
  const { [field as "kind"]: _left, ...rest } = operation;
  const bare = rest as unknown as Operation;
  expect(twin.enabled(operation) || operation.kind === "split").toBe(true);
  expect(twin.enabled(bare)).toBe(false);
  expect(replication.reference.enabled(state, bare)).toBe(false);
  expect(() => twin.perform(bare)).toThrow(`${operation.kind} has no ${field}`);
});
