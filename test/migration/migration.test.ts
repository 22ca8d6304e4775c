/** The implementation by itself, and what an instance may be. */
import { describe, expect, it } from "vitest";
import { MigrationLayout, phaseOfTask, RUNNING } from "../../impl/migration/layout.js";
import { Migration } from "../../impl/migration/migration.js";
import { MIGRATION_RULES } from "../../impl/migration/rules.js";
import { shapeOf } from "../../properties/migration/scopes.js";
import { migration } from "../../properties/migration/system.js";
import { instance } from "../../vocabulary/migration/instance.js";

it("takes a thread once round 32 kernels, and its group has a process on each", () => {
  const tour = Array.from({ length: 31 }, (_, kernel) => `migrate ${kernel + 1}`).join(", ");
  const layout = new MigrationLayout(instance(shapeOf({ kernels: 32 }, tour, "")));
  const threads = new Migration(new Int32Array(layout.words), layout, MIGRATION_RULES);
  threads.initialise([true, true]);
  for (let kernel = 1; kernel < 32; kernel++) {
    expect(threads.migrate(0, kernel - 1, kernel)).toBe(kernel === 1);
    expect(threads.arrive(0, kernel)).toBe(false);
    threads.create(0, kernel);
  }
  threads.migrate(1, 0, 31);
  expect(threads.arrive(1, 31)).toBe(true);
  expect([threads.canFork(1, 31, 0), threads.canAdopt(1, 31)]).toEqual([true, false]);
  threads.fork(1, 31);
  expect(phaseOfTask(threads.task(31, 1))).toBe(RUNNING);
  threads.exit(0, 31);
  threads.exit(1, 31);
  for (let kernel = 0; kernel < 32; kernel++) {
    expect(threads.canReap(0, kernel)).toBe(true);
    threads.reap(0, kernel);
    expect(threads.canReap(0, kernel)).toBe(false);
  }
});

const good = { kernels: 2, pages: 1, channels: "fifo", homes: [0], threads: [{ group: 0, steps: [] }] };
const withSteps = (...steps: readonly unknown[]) => ({ threads: [{ group: 0, steps }] });

describe("an instance that cannot be is refused by the place that is wrong", () => {
  it.each([
    [{ kernels: 6 }, "kernels is 6: expected an integer from 2 to 5"],
    [{ kernels: 33, pages: 0 }, "kernels is 33: expected an integer from 2 to 32"],
    [{ pages: 5 }, "pages is 5: expected an integer from 0 to 4"],
    [{ channels: "lifo" }, 'channels is "lifo": expected fifo or unordered'],
    [{ exit: "late" }, 'exit is "late": expected atomic or delayed'],
    [{ multicast: 1 }, "multicast is 1: expected true or false"],
    [{ ownerHint: true }, 'profile is "normative": expected lean with ownerHint'],
    [{ profile: "literal" }, 'profile is "literal": expected normative, normative-r7 or lean'],
    [{ homes: [2] }, "homes[0] is 2: expected an integer from 0 to 1"],
    [{ homes: [] }, "homes is []: expected a list of 1 to 4"],
    [{ homes: [0, 0] }, "threads is 1: expected one of group 1 that is not spawned"],
    [{ threads: "two" }, 'threads is "two": expected a list of 1 to 16'],
    [{ threads: [3] }, "threads[0] is 3: expected an object"],
    [withSteps({ kind: "migrate", kernel: 2 }), "threads[0].steps[0].kernel is 2: expected an integer from 0 to 1"],
    [withSteps({ kind: "write", page: 1 }), "threads[0].steps[0].page is 1: expected an integer from 0 to 0"],
    [withSteps({ kind: "jump" }), 'threads[0].steps[0].kind is "jump": expected migrate, read, write, spawn or exit'],
    [withSteps({ kind: "spawn", thread: 0 }), "threads is 1: expected one of group 0 that is not spawned"],
  ])("%j", (fields, message) => {
    expect(() => instance({ ...good, ...fields })).toThrow(message);
  });

  it("also in a document", () => {
    expect(() => migration.twin({ ...good, kernels: 1 })).toThrow("kernels is 1: expected an integer from 2 to 5");
    expect(() => migration.twin(good, "none")).toThrow("migration has no mutant none");
  });

  it("and one that can be is taken as it is", () => {
    expect(instance(good)).toEqual({ ...good, profile: "normative" });
  });
});
