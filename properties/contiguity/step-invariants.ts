/** What holds of each step of the machine (7.1). */
import { NONE } from "../../impl/contiguity/allocator-layout.js";
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import { FAILURES, SUCCESSES } from "../../vocabulary/contiguity/allocator.js";
import type { MachineOperation, MachineOutcome } from "../../vocabulary/contiguity/machine.js";
import type { StepInvariant } from "../engine/system.js";
import { freeBlocks, runsOfTopBlocks, sizeOf, zonesOf } from "./free-memory.js";
import { statisticsOf } from "./meaning.js";
import { nodeStepInvariants } from "./node-claims.js";
import { entriesOf, nodeAsking, targetOf } from "./steering.js";

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

const steering: readonly StepInvariant<MachineOperation, MachineOutcome, ContiguityMachine>[] = [
  {
    id: "A2-own",
    name: "ownFrame",
    why: "what one process writes, another one must not read",
    concerns: ["fault", "copy"],
    *violations(before, operation, answer, after) {
      if ((operation.kind !== "fault" && operation.kind !== "copy") || answer.kind !== "frame") return;
      if (before.cache.fileOf(before.areaOf(operation.process, operation.area)) !== NONE) return;
      const users = after.allocator.buddy.usersOf(answer.frame);
      if (users !== 1) yield `page ${operation.page} got frame ${answer.frame}, which has ${users} users`;
    },
  },
  {
    id: "A3",
    name: "offsetsStay",
    why: "an area whose targets can be had keeps one offset, so its pages are one range",
    concerns: ["fault"],
    *violations(before, operation, answer, after) {
      if (operation.kind !== "fault" || answer.kind !== "frame" || answer.way !== "target") return;
      const earlier = entriesOf(before, operation.process, operation.area);
      const later = entriesOf(after, operation.process, operation.area);
      if (earlier.length > 0 && JSON.stringify(earlier) !== JSON.stringify(later)) {
        yield `offsets ${JSON.stringify(earlier)} became ${JSON.stringify(later)} though the target was had`;
      }
    },
  },
  {
    id: "A4",
    name: "targetFollowsRegion",
    why: "a page that is steered by another region than its own lies apart from its neighbours",
    concerns: ["fault"],
    *violations(before, operation, answer) {
      if (operation.kind !== "fault" || answer.kind !== "frame" || answer.way !== "target") return;
      const offsets = entriesOf(before, operation.process, operation.area);
      const target = targetOf(offsets, operation.page);
      if (target !== undefined && target !== answer.frame) {
        yield `page ${operation.page} got frame ${answer.frame}, its region says ${target}, offsets ${JSON.stringify(offsets)}`;
      }
    },
  },
  {
    id: "A12",
    name: "placeIsTopBlock",
    why: "an area that begins inside a top block shares it with another one from the start",
    concerns: ["fault"],
    *violations(before, operation, answer, after) {
      if (operation.kind !== "fault" || operation.order > 0 || answer.kind !== "frame") return;
      if (entriesOf(before, operation.process, operation.area).length > 0) return;
      const [learned] = entriesOf(after, operation.process, operation.area);
      if (learned === undefined) return;
      const place = before.allocator.offsets.first(before.areaOf(operation.process, operation.area)) - learned[1];
      if (place % before.allocator.layout.topPages !== 0) yield `the area is placed at frame ${place}`;
    },
  },
  {
    id: "A13",
    name: "roverMovesOn",
    why: "areas that are placed one after the other at one place take each other's targets",
    concerns: ["fault"],
    *violations(before, operation, answer, after) {
      if (operation.kind !== "fault" || operation.order > 0 || answer.kind !== "frame") return;
      if (entriesOf(before, operation.process, operation.area).length > 0) return;
      const [learned] = entriesOf(after, operation.process, operation.area);
      if (learned === undefined) return;
      const { layout, offsets } = before.allocator;
      const area = before.areaOf(operation.process, operation.area);
      const place = offsets.first(area) - learned[1];
      const request = Math.ceil((offsets.end(area) - offsets.first(area)) / layout.topPages) * layout.topPages;
      const runs = runsOfTopBlocks(before, layout.normalZone(nodeAsking(before, operation)));
      const run = runs.find(([first, size]) => place >= first && place < first + size);
      const end = Math.min(place + request, run === undefined ? place : run[0] + run[1]);
      // A frame from elsewhere may come out of the very block that the rover has moved on to.
      if (answer.frame < place || answer.frame >= end) return;
      const isElsewhere = runs.some(([first, size]) => first < place || first + size > end);
      const rover = after.allocator.buddy.map.rover(layout.normalZone(nodeAsking(before, operation)));
      if (isElsewhere && rover >= place && rover < end)
        yield `the rover is at ${rover}, in the place of the area [${place}, ${end})`;
    },
  },
  {
    id: "A21",
    name: "noTargetNoCount",
    why: "a request that aims at nothing is an ordinary one: counted, it would look like a failure of placement",
    concerns: ["fault"],
    *violations(before, operation, _answer, after) {
      if (operation.kind !== "fault") return;
      if (entriesOf(before, operation.process, operation.area).length > 0) return;
      if (runsOfTopBlocks(before, before.allocator.layout.normalZone(nodeAsking(before, operation))).length > 0) return;
      if (before.cache.fileOf(before.areaOf(operation.process, operation.area)) !== NONE) return;
      if (statisticsOf(before).attempts !== statisticsOf(after).attempts)
        yield "an attempt is counted, without an offset and without a place";
    },
  },
  {
    id: "A24",
    name: "enabledAsAsked",
    why: "who is switched on follows from the call, the name and the parent, and from nothing else",
    *violations(before, operation, _answer, after) {
      const names = (machine: ContiguityMachine): readonly number[] =>
        Array.from({ length: machine.processes.nameSlots }, (_, slot) => machine.processes.slot(slot));
      const aware = (machine: ContiguityMachine): readonly number[] =>
        Array.from({ length: machine.shape.processes }, (_, process) => process).filter((process) =>
          machine.isAware(process),
        );
      if (operation.kind === "call") {
        const { option, list } = operation;
        const asked = option > 0 ? names(before).map((_, slot) => list[slot] ?? 0) : names(before);
        if (String(asked) !== String(names(after))) yield `names [${names(after)}], asked for [${asked}]`;
        const flags = aware(after).filter((process) => !before.isAware(process));
        const others = flags.filter((process) => option >= 0 || !list.includes(process));
        if (others.length > 0) yield `option ${option} switched processes ${others} on`;
      }
      if (operation.kind === "exit" && before.isAware(operation.process)) {
        const name = before.processes.name(operation.process);
        if (name > 0 && names(after).includes(name)) yield `name ${name} is listed after the exit`;
      }
    },
  },
  {
    id: "A25",
    name: "offIsOrdinary",
    why: "paging for those who did not ask must be what it was",
    concerns: ["fault", "copy", "read"],
    *violations(before, operation, _answer, after) {
      if (operation.kind !== "fault" && operation.kind !== "copy" && operation.kind !== "read") return;
      if (before.isAware(operation.process)) return;
      const tables = (machine: ContiguityMachine): string =>
        JSON.stringify(
          Array.from({ length: machine.shape.memory.areas }, (_, area) => machine.allocator.offsets.entries(area)),
        );
      if (tables(before) !== tables(after)) yield `offsets ${tables(before)} became ${tables(after)}`;
      const attempts = statisticsOf(after).attempts - statisticsOf(before).attempts;
      if (attempts > 0) yield `${attempts} attempts at a target`;
    },
  },
];

export const stepInvariants: readonly StepInvariant<MachineOperation, MachineOutcome, ContiguityMachine>[] = [
  ...steering,
  {
    id: "A14",
    name: "noFalseShortage",
    why: "a fault fails only when there is no frame, and it never tries for ever",
    *violations(before, operation, answer) {
      if (operation.kind !== "fault" && operation.kind !== "copy" && operation.kind !== "read") return;
      if (answer.kind === "fatal") yield `the kernel stopped: ${answer.assertion}`;
      if (answer.kind !== "none") return;
      const free = zonesOf(before).reduce((frames, zone) => frames + sizeOf(freeBlocks(before, zone)), 0);
      if (answer.endless) yield "the fault is tried again for ever";
      else if (free > 0) yield `no frame for the fault, though ${free} are free`;
    },
  },
  {
    id: "A19",
    name: "totalsAreSums",
    why: "the totals are what a person reads first",
    concerns: ["fault", "copy", "read"],
    *violations(_before, _operation, _answer, { allocator: { counters, layout } }) {
      const orders = Array.from({ length: layout.orders }, (_, order) => order);
      const sumOf = (count: (order: number) => number): number => orders.reduce((all, order) => all + count(order), 0);
      for (const reason of FAILURES) {
        const [total, all] = [counters.failuresInTotal(reason), sumOf((order) => counters.failures(order, reason))];
        if (total !== all) yield `${reason}: ${total} in total, ${all} in all orders`;
      }
      for (const category of SUCCESSES) {
        const [total, all] = [
          counters.successesInTotal(category),
          sumOf((order) => counters.successes(order, category)),
        ];
        if (total !== all) yield `${category}: ${total} in total, ${all} in all orders`;
      }
    },
  },
  {
    id: "A20",
    name: "attemptsAddUp",
    why: "each attempt at a target either succeeds or has a reason: what is counted nowhere cannot be explained",
    *violations(before, _operation, _answer, after) {
      const [earlier, later] = [statisticsOf(before), statisticsOf(after)];
      const attempts = later.attempts - earlier.attempts;
      const answered = sum(later.failures) + sum(later.successes) - sum(earlier.failures) - sum(earlier.successes);
      if (attempts !== answered) yield `${attempts} attempts, ${answered} successes and failures`;
    },
  },
  {
    id: "A11",
    name: "placementFits",
    why: "an area that is placed where it does not fit, though it would elsewhere, is cut in two for nothing",
    *violations(before, operation, answer, after) {
      if (operation.kind !== "fault" || answer.kind !== "frame" || !before.isAware(operation.process)) return;
      const area = before.areaOf(operation.process, operation.area);
      if (before.allocator.offsets.entries(area).length > 0) return;
      const [found] = after.allocator.offsets.entries(area);
      if (found === undefined) return;
      const { layout, offsets } = before.allocator;
      const pages = offsets.end(area) - offsets.first(area);
      const request = Math.ceil(pages / layout.topPages) * layout.topPages;
      const runs = runsOfTopBlocks(before, layout.normalZone(nodeAsking(before, operation)));
      // Placement takes top blocks. For a huge page the offset is learned after rounding its target up: less than a block.
      const place = Math.floor((offsets.first(area) - found[1]) / layout.topPages) * layout.topPages;
      const run = runs.find(([first, size]) => place >= first && place < first + size);
      const room = run === undefined ? 0 : run[0] + run[1] - place;
      if (room < request && runs.some(([, size]) => size >= request)) {
        yield `placed at ${place} with room for ${room} of ${request} frames, runs ${JSON.stringify(runs)}`;
      }
    },
  },
  ...nodeStepInvariants,
];
