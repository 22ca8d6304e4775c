import { expect, it } from "vitest";
import { exhaust } from "../../properties/engine/exhaust.js";
import { migration } from "../../properties/migration/system.js";

it.each(migration.scopes.filter(({ effort }) => effort === "long").map((scope) => [scope.title, scope] as const))(
  "%s",
  (_, scope) => {
    const { verdict, exploration, counterexample, unreached } = exhaust(migration, scope);
    expect(counterexample?.violation).toBeUndefined();
    expect([verdict, unreached]).toEqual(["held", []]);
    expect(exploration).toMatchObject({ ...scope.expected!, exhausted: true, inStep: 1 });
  },
);
