/** What must hold when several threads fault at the same time. Ids A… are those of 7.1. */
import type { View } from "../../../explore/interleave/program.js";
import { ContiguityMachine } from "../../../impl/contiguity/machine.js";
import { PlainPort } from "../../../impl/memory-port.js";
import type { MachineShape } from "../../../vocabulary/contiguity/machine.js";
import type { InterleavedClaim } from "../../engine/interleaved.js";
import { invariants } from "../invariants.js";
import { frameIn } from "./answers.js";
import { BOTH } from "./guarded-port.js";

export class ThreadClaims {
  private readonly words: Int32Array;
  private readonly machine: ContiguityMachine;
  private readonly shape: MachineShape;
  private readonly ghosts: number;

  constructor(shape: MachineShape) {
    this.words = new Int32Array(ContiguityMachine.wordsNeeded(shape));
    this.machine = new ContiguityMachine(this.words, shape, new PlainPort(this.words));
    this.shape = shape;
    this.ghosts = this.words.length;
  }

  /** What holds in every state of the machine that has no fault under way. */
  get atRest(): readonly InterleavedClaim[] {
    return invariants.map(({ id, name, why, violations }) => ({
      id,
      name,
      why,
      violation: (view) => first(violations(this.machineOf(view))),
    }));
  }

  get oneUpdates(): InterleavedClaim {
    return {
      id: "A5",
      name: "oneUpdatesAnArea",
      why: "two faults at a time that each choose a place leave an area with two offsets where one would do",
      violation: ({ shared }) => {
        for (let area = 0; area < this.shape.memory.areas; area++) {
          if (shared[this.ghosts + area] === BOTH) return `area ${area} was given offsets by two faults at a time`;
        }
        return undefined;
      },
    };
  }

  /** @param area has had no offset when the threads began, and none of its targets is taken */
  placedOnce(area: number): InterleavedClaim {
    return {
      id: "A3",
      name: "areaIsPlacedOnce",
      why: "an area whose targets are free is one range",
      violation: (view) => {
        const entries = this.machineOf(view).allocator.offsets.entries(area);
        return entries.length > 1 ? `area ${area} has offsets ${JSON.stringify(entries)}` : undefined;
      },
    };
  }

  /** @param areas were placed by the threads, in free memory that has room for all of them */
  placesAreApart(areas: readonly number[]): InterleavedClaim {
    return {
      id: "A27",
      name: "placesAreApart",
      why: "areas that were sent to the same frames take them from each other, fault by fault",
      violation: (view) => {
        const { offsets } = this.machineOf(view).allocator;
        const places = areas.flatMap((area) =>
          offsets.entries(area).map(([, offset]) => ({
            area,
            first: offsets.first(area) - offset,
            end: offsets.end(area) - offset,
          })),
        );
        for (const [index, one] of places.entries()) {
          const other = places.slice(index + 1).find(({ first: at, end }) => at < one.end && one.first < end);
          if (other !== undefined)
            return `areas ${one.area} and ${other.area} are both placed at frame ${Math.max(one.first, other.first)}`;
        }
        return undefined;
      },
    };
  }

  /** All threads, whose one operation is a fault on the same page, are answered the same leaf. */
  get sameAnswer(): InterleavedClaim {
    return {
      id: "A26",
      name: "threadsFindOneLeaf",
      why: "a page has one frame; who was answered another one writes where nobody reads",
      violation: (view) => {
        const answers = Array.from({ length: view.threadCount }, (_, thread) => view.result(thread, 0));
        return new Set(answers).size > 1 ? `the threads were answered ${answers.join(" and ")}` : undefined;
      },
    };
  }

  /** @param nodes of each thread the node on which it does its one operation, and on which there is memory for all of them */
  ownMemory(nodes: readonly number[]): InterleavedClaim {
    return {
      id: "N3",
      name: "threadsGetMemoryOfTheirNodes",
      why: "memory of another node is slower",
      violation: (view) => {
        const { layout } = this.machineOf(view).allocator;
        const away = nodes.findIndex((node, thread) => {
          const frame = frameIn(view.result(thread, 0));
          return frame === undefined || layout.nodeOf(layout.zoneOf(frame)) !== node;
        });
        return away < 0
          ? undefined
          : `thread ${away} was answered ${view.result(away, 0)}, on another node than ${nodes[away]}`;
      },
    };
  }

  private machineOf({ shared }: View): ContiguityMachine {
    this.words.set(shared.subarray(0, this.ghosts));
    return this.machine;
  }
}

function first(lines: Iterable<string>): string | undefined {
  for (const line of lines) return line;
  return undefined;
}
