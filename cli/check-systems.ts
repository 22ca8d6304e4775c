/** The systems that `pagetwin check` is asked for, as its flags have them. */
import type { AnySystem } from "../properties/engine/any-system.js";
import type { Explorers } from "./check-tasks.js";
import { coherencyExplorer, instanceFlag, withInstance } from "./coherency.js";
import type { CoherencyFlags } from "./coherency-flags.js";
import { loadSystems } from "./systems.js";

/** Those of the command's flags that say what a system is, and how it is searched. */
export interface CheckFlags extends CoherencyFlags {
  readonly exhaustive?: boolean;
}

/**
 * The same answer for the same arguments, on whatever thread.
 * @param system all of them unless given
 * @throws PagetwinError `ARGUMENT` for a system that is not there or flags that contradict each other
 */
export async function checkedSystems(
  system: string | undefined,
  flags: CheckFlags,
): Promise<{ readonly systems: readonly AnySystem[]; readonly explorers: Explorers }> {
  const explorers = { coherency: coherencyExplorer(flags, flags.exhaustive ?? false) };
  const systems = await loadSystems(system);
  return {
    systems: instanceFlag(flags) === undefined ? systems : systems.map((one) => withInstance(one, flags)),
    explorers,
  };
}
