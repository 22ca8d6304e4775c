import { describe, expect, it } from "vitest";
import { ContiguityAllocator } from "../../impl/contiguity/allocator.js";
import { AllocatorLayout } from "../../impl/contiguity/allocator-layout.js";
import { ContiguityMachine } from "../../impl/contiguity/machine.js";
import { contiguityMapText } from "../../impl/contiguity/proc-text.js";
import { crossing, gigabytesOnTwoNodes } from "../../properties/contiguity/gigabytes.js";
import { leavesOf, statisticsOf } from "../../properties/contiguity/meaning.js";
import { enable, fault, map, move, type Op, spawn } from "../../properties/contiguity/operations.js";
import { contiguity } from "../../properties/contiguity/system.js";
import { type AllocatorShape, allocatorShape, type ZoneShape } from "../../vocabulary/contiguity/allocator.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import { isSeenToFail } from "./judge.js";

const HUGE = 512;

function memoryOf(zones: readonly ZoneShape[], areas = 1): AllocatorShape {
  return allocatorShape({
    ...{ zones, used: [], topOrder: 10, hugeOrder: 9, tableLength: 64, areas, files: 0, quirks: [] },
  });
}

/** A machine after these operations. */
function machineAfter(shape: MachineShape, operations: readonly Op[]): ContiguityMachine {
  const machine = new ContiguityMachine(new Int32Array(ContiguityMachine.wordsNeeded(shape)), shape);
  machine.initialise();
  for (const operation of operations) {
    expect(machine.enabled(operation), JSON.stringify(operation)).toBe(true);
    machine.perform(operation);
  }
  return machine;
}

const twoNodes = (frames: number): readonly ZoneShape[] => [
  { name: "Normal", first: 0, end: frames },
  { name: "Normal", first: frames, end: 2 * frames, node: 1 },
];

/** Frames of the leaves of process 0, and the failures NUMA. */
function afterFaults(machine: ContiguityMachine): { readonly frames: readonly number[]; readonly refused: number } {
  const { failures } = statisticsOf(machine);
  return {
    frames: leavesOf(machine, 0).map(({ frame }) => frame),
    refused: (failures["NUMA/9"] ?? 0) + (failures["NUMA/0"] ?? 0),
  };
}

describe("claims of nodes", () => {
  it.each(["N1", "N2", "N3", "N4"])("%s is seen to fail", (id) => {
    expect(isSeenToFail(contiguity, id)).toBe(true);
  });
});

describe("a machine of several nodes", () => {
  it("prints the contiguity map node by node, wherever their frames lie", () => {
    const zones: readonly ZoneShape[] = [
      { name: "DMA", first: 0, end: 1024 },
      { name: "Normal", first: 1024, end: 2048, node: 1 },
      { name: "Normal", first: 4096, end: 8192 },
    ];
    const shape = memoryOf(zones);
    const allocator = new ContiguityAllocator(new Int32Array(new AllocatorLayout(shape).end), shape);
    allocator.initialise();
    expect(contiguityMapText(allocator)).toBe(
      [
        "Node 0, zone      DMA [0x0--0x400](4MB), \nNext fit rover: 0x0\n\n",
        "Node 0, zone   Normal [0x1000--0x2000](16MB), \nNext fit rover: 0x1000\n\n",
        "Node 1, zone   Normal [0x400--0x800](4MB), \nNext fit rover: 0x400\n\n",
      ].join(""),
    );
  });

  it("tries the own zones, then those of the next nodes round, Normal before DMA", () => {
    const zones: readonly ZoneShape[] = [
      { name: "DMA", first: 0, end: 1024 },
      { name: "Normal", first: 1024, end: 2048 },
      { name: "Normal", first: 2048, end: 3072, node: 2 },
      { name: "Normal", first: 3072, end: 4096, node: 1 },
    ];
    const { zonelists } = new AllocatorLayout(memoryOf(zones));
    expect(zonelists).toEqual([
      [1, 0, 3, 2],
      [3, 2, 1, 0],
      [2, 1, 0, 3],
    ]);
  });

  it.each([
    [[{ name: "Normal", first: 0, end: 1024, node: 1 }], "expected a zone Normal"],
    [
      [
        { name: "Normal", first: 0, end: 1024 },
        { name: "Normal", first: 1024, end: 2048, node: 2 },
      ],
      "expected a zone Normal of node 1",
    ],
    [
      [
        { name: "Normal", first: 0, end: 1024 },
        { name: "DMA", first: 1024, end: 2048, node: 1 },
      ],
      "expected a zone Normal of node 1",
    ],
    [[{ name: "Normal", first: 0, end: 1024, node: 64 }], "a zone is of node 64: expected an integer from 0 to 63"],
  ] as const)("refuses nodes with a gap and nodes without Normal", (zones, message) => {
    expect(() => memoryOf(zones)).toThrow(message);
  });
});

describe("targets on another node", () => {
  const area = (pages: number): readonly Op[] => [spawn(0), map(0, 0, 0, pages), enable(0)];
  const shape = (zones: readonly ZoneShape[]): MachineShape => ({
    ...{ memory: memoryOf(zones), processes: 1, areasPerProcess: 1, levels: 3, tables: 64 },
  });

  it("con-5: a process that moves is placed anew once for its huge pages, for its small ones never", () => {
    const moved = [...area(3072), fault(0, 0, 0, 9), move(0, 1)];
    const huge = [1, 2, 3].map((at) => fault(0, 0, at * HUGE, 9));
    expect(afterFaults(machineAfter(shape(twoNodes(4096)), [...moved, ...huge]))).toEqual({
      frames: [0, 4096, 4608, 5120],
      refused: 1,
    });
    const small = [1, 2, 3].map((at) => fault(0, 0, HUGE + at, 0));
    expect(afterFaults(machineAfter(shape(twoNodes(4096)), [...moved, ...small])).refused).toBe(3);
  });

  it("con-5: faults from two nodes by turns place the area anew each time, and no page continues another", () => {
    const turns = Array.from({ length: 6 }, (_, at) => [
      ...(at > 0 ? [move(0, at % 2)] : []),
      fault(0, 0, at * HUGE, 9),
    ]).flat();
    const smaller = afterFaults(machineAfter(shape(twoNodes(8192)), [...area(3072), ...turns]));
    expect(smaller.refused).toBe(5);
    const continued = smaller.frames.filter((frame, at) => at > 0 && frame === smaller.frames[at - 1]! + HUGE);
    expect(continued).toEqual([]);
    // The same process with an area that no node could hold: one range, on the node that it began on.
    const larger = afterFaults(machineAfter(shape(twoNodes(8192)), [...area(8704), ...turns]));
    expect(larger).toEqual({ frames: [0, 1, 2, 3, 4, 5].map((at) => at * HUGE), refused: 0 });
  });

  it("zone-test-off: the authors' kernel takes a target in another zone of the node, on another node it does not", () => {
    const zones: readonly ZoneShape[] = [
      { name: "DMA", first: 0, end: 1024 },
      { name: "Normal", first: 1024, end: 2048 },
      { name: "Normal", first: 2048, end: 3072, node: 1 },
    ];
    const memory: AllocatorShape = { ...memoryOf(zones), quirks: ["zone-test-off"] };
    const allocator = new ContiguityAllocator(new Int32Array(new AllocatorLayout(memory).end), memory);
    allocator.initialise();
    const normal = allocator.layout.normalZone(0);
    expect(allocator.target.takeThere(normal, 512, 9)).toBe(512);
    expect(allocator.target.takeThere(normal, 2048, 9)).toBe(-1);
    expect(allocator.counters.failures(9, "NUMA")).toBe(1);
  });

  it("con-5: what counts is the zone that is asked, so a small zone beside a full Normal lets a process go on elsewhere", () => {
    const zones: readonly ZoneShape[] = [
      { name: "DMA", first: 0, end: 1024 },
      { name: "Normal", first: 1024, end: 5120 },
      { name: "Normal", first: 5120, end: 9216, node: 1 },
    ];
    // 2,048 pages: more than DMA has, less than Normal.
    const moved = [...area(2048), fault(0, 0, 0, 9), move(0, 1), fault(0, 0, HUGE, 9), move(0, 0)];
    const refused = machineAfter(shape(zones), [...moved, fault(0, 0, 2 * HUGE, 9)]);
    expect(leavesOf(refused, 0).at(-1)!.frame).toBeLessThan(5120);
    const taken = Array.from({ length: 3 }, (): Op => ({ kind: "take", order: 10 }));
    const rest: Op = { kind: "take", order: 9 };
    const goesOn = machineAfter(shape(zones), [...moved, ...taken, rest, fault(0, 0, 2 * HUGE, 9)]);
    expect(leavesOf(goesOn, 0).at(-1)!.frame).toBe(leavesOf(goesOn, 0).at(-2)!.frame + HUGE);
    expect(leavesOf(goesOn, 0).at(-1)!.frame).toBeGreaterThanOrEqual(5120);
  });
});

it("on two nodes of 1 GiB the range of a process of 1.1 GiB goes on across the border", () => {
  const machine = machineAfter(gigabytesOnTwoNodes.shape as unknown as MachineShape, gigabytesOnTwoNodes.setup);
  const across = leavesOf(machine, 0).slice(-crossing.count);
  expect(across.map(({ page, frame }) => page - frame)).toEqual(across.map(() => across[0]!.page - across[0]!.frame));
  expect(across[3]!.frame).toBe(crossing.border - HUGE);
  expect(across[4]!.frame).toBe(crossing.border);
});
