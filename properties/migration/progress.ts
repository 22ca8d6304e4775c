/** Progress: from every reachable state every thread that lives can still come to the end of its program. */
import { type Exploration, explore, type Progress } from "../../explore/index.js";
import * as at from "../../impl/migration/layout.js";
import type { State } from "../../model/migration/state.js";
import type { Operation } from "../../vocabulary/migration/operations.js";
import { Pair } from "../engine/pair.js";
import { ScopeMachine } from "../engine/scope-machine.js";
import type { Scope } from "../engine/system.js";
import { migration } from "./system.js";
import { kernelsOf, type MigrationView } from "./view.js";

/**
 * Explores a scope without the reference and without the other claims.
 * @param without id of the mutant to explore instead of the system as it is
 */
export function everyThreadCanFinish(scope: Scope<Operation, State>, without?: string): Exploration {
  const pair = new Pair(migration, scope.shape, without);
  pair.begin(scope.setup);
  const machine = new ScopeMachine(migration, scope, pair);
  const { view } = pair.twin as { readonly view: MigrationView };
  const progress = view.instance.threads.map(
    (_, thread): Progress => ({
      name: `thread ${thread} can finish`,
      pending: () => view.migration.isBorn(thread) && !isFinished(view, thread),
      granted: () => isFinished(view, thread),
    }),
  );
  return explore(machine, { progress }, { store: "full" });
}

function isFinished(view: MigrationView, thread: number): boolean {
  const { migration: words, instance } = view;
  if (words.isExited(thread)) return true;
  const { length } = instance.threads[thread]!.steps;
  return kernelsOf(view).some(
    (kernel) => words.isAt(kernel, thread, at.RUNNING) && at.doneOf(words.task(kernel, thread)) === length,
  );
}
