/** Stories that must come out in just this way. */
import { geometry } from "../../vocabulary/geometry.js";
import { USER_PAGE } from "../../vocabulary/page-table/entry.js";
import type { Operation } from "../../vocabulary/page-table/operations.js";
import type { Outcome } from "../../vocabulary/page-table/outcomes.js";
import type { Scenario, Shape } from "../engine/system.js";
import * as op from "./build.js";

type Story = Scenario<Operation, Outcome>;

const x86: Shape = { ...geometry({ tableFrames: 32, dataFrames: 32 }) };
const step = (operation: Operation, answer?: Outcome) => (answer === undefined ? { operation } : { operation, answer });
const done: Outcome = { kind: "done" };
const fault = (reason: Extract<Outcome, { kind: "fault" }>["reason"], level: number): Outcome => ({
  kind: "fault",
  reason,
  level,
});
const frame = (number: number): Outcome => ({ kind: "translated", frame: number });

const addedRights: Story = {
  id: "W31",
  title: "a right that is added faults once on a CPU that remembers its absence",
  shape: x86,
  steps: [
    step(op.load(0)),
    step(op.map(0, 77, 5, { rights: "r--" }), done),
    step(op.access(0, 77, "read"), frame(5)),
    step(op.protect(1, 77, "rw-"), done),
    step(op.access(0, 77, "write"), fault("write", 1)),
    step(op.access(0, 77, "write"), frame(5)),
  ],
};

const protectionNone: Story = {
  id: "W26",
  title: "protection none keeps the frame and the marks, and protecting back brings them again",
  shape: x86,
  steps: [
    step(op.load(2)),
    step(op.map(0, 2 ** 35 + 1, 9), done),
    step(op.access(2, 2 ** 52 - 2 ** 35 + 1, "write"), frame(9)),
    step(op.protect(0, 2 ** 35 + 1, "---"), done),
    step(op.access(2, 2 ** 52 - 2 ** 35 + 1, "read"), fault("not-present", 1)),
    step(op.protect(0, 2 ** 35 + 1, "r-x"), done),
    step(
      { kind: "walk", page: 2 ** 35 + 1 },
      {
        kind: "leaf",
        leaf: { level: 1, frame: 9, rights: "r-x", attributes: USER_PAGE, accessed: true, dirty: true },
      },
    ),
  ],
};

const partOfLarge: Story = {
  id: "W29",
  title: "a part of a 1 GiB leaf is reached by two splits, and the parts inherit D",
  shape: x86,
  steps: [
    step(op.load(0)),
    step(op.map(0, 2 ** 18, 2 ** 19, { level: 3, attributes: { ...USER_PAGE, pat: true } }), done),
    step(op.access(0, 2 ** 18 + 1000, "write"), frame(2 ** 19 + 1000)),
    step(op.split(0, 2 ** 18 + 1000), done),
    step(op.split(0, 2 ** 18 + 1000), done),
    step(op.split(0, 2 ** 18 + 1000), { kind: "notLarge" }),
    step(
      { kind: "walk", page: 2 ** 18 + 1000 },
      {
        kind: "leaf",
        leaf: {
          level: 1,
          frame: 2 ** 19 + 1000,
          rights: "rw-",
          attributes: { ...USER_PAGE, pat: true },
          accessed: true,
          dirty: true,
        },
      },
    ),
    step(op.collapse(0, 2 ** 18 + 1000, 2), done),
    step(op.collapse(0, 2 ** 18 + 1000, 3), done),
    step(op.access(0, 2 ** 18 + 513, "read"), frame(2 ** 19 + 513)),
  ],
};

const nonCanonical: Story = {
  id: "canonical",
  title: "the hole between the halves faults without a walk",
  shape: x86,
  steps: [
    step(op.load(0)),
    step(op.access(0, 2 ** 35 - 1, "read"), fault("not-present", 4)),
    step(op.access(0, 2 ** 35, "read"), fault("non-canonical", 0)),
    step(op.access(0, 2 ** 52 - 2 ** 35 - 1, "read"), fault("non-canonical", 0)),
    step(op.access(0, 2 ** 52 - 2 ** 35, "read"), fault("not-present", 4)),
  ],
};

const highTables: Story = {
  id: "high-tables",
  title: "tables behind frame 2^20: pointers have their number in both words",
  shape: {
    ...geometry({ nodes: 2, cpusPerNode: 1, indexBits: 2, kernelRootEntries: 0, tableFrames: 8, dataFrames: 2 ** 20 }),
  },
  steps: [
    ...[op.load(0), op.load(1)].map((operation) => step(operation)),
    // The second CPU's tables lie on its own node, the root on the first.
    step(op.map(1, 3, 5), done),
    step(op.access(0, 3, "write"), frame(5)),
    step(op.map(1, 20, 2 ** 20 + 4, { level: 2 }), done),
    step(op.split(1, 21), done),
    step(op.access(1, 21, "write"), frame(2 ** 20 + 5)),
    step(op.protect(0, 22, "r--"), done),
    step(op.access(1, 22, "write"), fault("write", 1)),
    step(op.protect(0, 22, "rw-"), done),
    step(op.collapse(1, 21, 2), done),
    step(op.access(0, 23, "read"), frame(2 ** 20 + 7)),
    step(op.unmap(0, 3)),
    step({ kind: "walk", page: 3 }, { kind: "absent", level: 3 }),
    step(op.unmap(0, 20)),
  ],
};

export const scenarios: readonly Story[] = [addedRights, protectionNone, partOfLarge, nonCanonical, highTables];
