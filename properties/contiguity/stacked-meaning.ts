/** What the words of stacked machines mean. */
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import type { StackedMachine } from "../../impl/contiguity/stacked-machine.js";
import { ACCESSED, DIRTY } from "../../impl/page-table/entry.js";
import type { Mark, Marked, StackedState } from "../../model/contiguity/stacked.js";
import { NO_STATISTICS } from "../../model/contiguity/state.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { StackedShape } from "../../vocabulary/contiguity/stacked.js";
import { leavesOf, meaningOf, statisticsOf } from "./meaning.js";

/** @param shape the one that was asked for, without the rules that a mutant drops */
export function stackedMeaningOf(view: StackedMachine, shape: StackedShape): StackedState {
  return {
    shape,
    guests: view.guests.map((guest) => markedOf(guest, shape.guest)),
    host: markedOf(view.host, shape.host),
    statistics: stackedStatisticsOf(view),
  };
}

export function stackedStatisticsOf({ guests, host }: StackedMachine): StackedState["statistics"] {
  return { guests: guests.map(statisticsOf), host: statisticsOf(host) };
}

function markedOf(machine: ContiguityMachine, shape: MachineShape): Marked {
  return { machine: { ...meaningOf(machine), shape, statistics: NO_STATISTICS }, marks: marksOf(machine) };
}

function marksOf(machine: ContiguityMachine): readonly Mark[] {
  return Array.from({ length: machine.shape.processes }, (_, process) => process).flatMap((process) =>
    leavesOf(machine, process)
      .map(({ page }) => {
        machine.findLeaf(process, page);
        const { leafFlags } = machine;
        return { process, page, accessed: (leafFlags & ACCESSED) !== 0, dirty: (leafFlags & DIRTY) !== 0 };
      })
      .filter(({ accessed, dirty }) => accessed || dirty),
  );
}
