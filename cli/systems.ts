/** The systems that the command knows, each loaded when it is asked for. */
import type { AnySystem } from "../properties/engine/any-system.js";
import { PagetwinError } from "../vocabulary/errors.js";

const LOADERS: { readonly [name: string]: () => Promise<AnySystem> } = {
  "page-table": async () => (await import("../properties/page-table/system.js")).pageTable,
  replication: async () => (await import("../properties/replication/system.js")).replication,
  "page-cache": async () => (await import("../properties/page-cache/system.js")).pageCache,
  coherency: async () => (await import("../properties/coherency/system.js")).coherency,
  migration: async () => (await import("../properties/migration/system.js")).migration,
  contiguity: async () => (await import("../properties/contiguity/system.js")).contiguity,
  "contiguity-report": async () => (await import("../properties/contiguity/report-system.js")).reportSystem,
  "contiguity-virtual": async () => (await import("../properties/contiguity/stacked-system.js")).stackedSystem,
  "contiguity-spot": async () => (await import("../properties/contiguity/spot-system.js")).spotSystem,
};

export const SYSTEM_NAMES: readonly string[] = Object.keys(LOADERS);

/** @throws PagetwinError `ARGUMENT` for a name that is not there */
export async function loadSystem(name: string): Promise<AnySystem> {
  const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
  if (load === undefined)
    throw new PagetwinError("ARGUMENT", `"${name}" is no system: expected ${SYSTEM_NAMES.join(", ")}`);
  return load();
}

/** The one that is named with its parts, which carry its name before their own; or all of them. */
export async function loadSystems(name: string | undefined): Promise<readonly AnySystem[]> {
  if (name === undefined) return Promise.all(SYSTEM_NAMES.map(loadSystem));
  const parts = SYSTEM_NAMES.filter((each) => each.startsWith(`${name}-`));
  return Promise.all([name, ...parts].map(loadSystem));
}
