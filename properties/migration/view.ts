/** The words of thread migration as claims look at them: who is where, and what each kernel has. */
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import { enabled } from "../../impl/migration/apply.js";
import * as at from "../../impl/migration/layout.js";
import type { Migration } from "../../impl/migration/migration.js";
import type { Instance } from "../../vocabulary/migration/instance.js";
import type { Operation } from "../../vocabulary/migration/operations.js";

export interface MigrationView {
  readonly migration: Migration;
  readonly words: Int32Array;
  readonly instance: Instance;
  /** Everything that can be asked of the instance. */
  readonly operations: readonly Operation[];
}

/** A process of some kernel. */
export interface FoundProcess {
  readonly kernel: number;
  readonly slot: number;
  readonly group: number;
  readonly stands: boolean;
  readonly isReplicated: boolean;
  /** Sets of pages that were used, and written, while they were not replicated. */
  readonly used: number;
  readonly written: number;
}

export function kernelsOf({ instance }: MigrationView): readonly number[] {
  return Array.from({ length: instance.kernels }, (_, kernel) => kernel);
}

export function pagesOf({ instance }: MigrationView): readonly number[] {
  return Array.from({ length: instance.pages }, (_, page) => page);
}

/** The processes of a group, ascending by kernel. */
export function processesOf(view: MigrationView, group: number): readonly FoundProcess[] {
  const { migration } = view;
  const found: FoundProcess[] = [];
  for (let kernel = 0; kernel < view.instance.kernels; kernel++) {
    for (let slot = 0; slot < migration.layout.slots; slot++) {
      const word = migration.process(kernel, slot);
      const phase = at.phaseOfProcess(word);
      if (phase === at.FREE || at.groupOfProcess(word) !== group) continue;
      found.push({
        kernel,
        slot,
        group,
        stands: phase === at.STANDING,
        isReplicated: at.isReplicated(word),
        used: at.usedOf(word),
        written: at.writtenOf(word),
      });
    }
  }
  return found;
}

/** Whether a thread of the group has ever left its kernel: a ghost, which no rule of the implementation reads. */
export function hasSpanned({ migration, words }: MigrationView, group: number): boolean {
  return words[migration.layout.spanned(group)] === 1;
}

/** The machine of a page's copies, with the page's vector in it. */
export function copiesOf({ migration }: MigrationView, group: number, page: number): ExploredCluster {
  return migration.pages.show(group, page);
}

/** The vector of a page's copies. */
export function vectorOf({ migration, words }: MigrationView, group: number, page: number): Int32Array {
  const first = migration.layout.vector(group, page);
  return words.subarray(first, first + migration.layout.vectorWords);
}

/** Messages of a group's pages that were sent since the statistics began. */
export function messagesOf({ migration, words }: MigrationView, group: number): number {
  return words[migration.layout.messages(group)]!;
}

export function isAnythingEnabled({ migration, operations }: MigrationView): boolean {
  return operations.some((operation) => enabled(migration, operation));
}
