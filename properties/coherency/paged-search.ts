/** The search of a space with page tables: T1 to T5 on real entries. */
import type { Exploration } from "../../explore/exploration.js";
import { explore } from "../../explore/explore.js";
import type { Limits, Observer } from "../../explore/machine.js";
import type { PagedCluster } from "../../impl/coherency/paged-cluster.js";
import { PagedExploration } from "../../impl/coherency/paged-exploration.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { entryChangesFirst, permissionClaims } from "./permission-claims.js";
import { claimName } from "./search.js";

export interface PagedOptions {
  readonly limits?: Partial<Limits>;
  /** Ids of the claims to judge; by default all of T1 to T5. */
  readonly claims?: readonly string[];
  /** The production cluster, or one that does a thing wrong. */
  readonly Paged?: typeof PagedCluster;
  readonly observer?: Observer | undefined;
}

export function explorePaged(configuration: Configuration, options: PagedOptions = {}): Exploration {
  const machine = new PagedExploration(configuration, options.Paged);
  const isAsked = ({ id }: { readonly id: string }) => options.claims?.includes(id) ?? true;
  const checks = {
    always: permissionClaims
      .filter(isAsked)
      .map((claim) => ({ name: claimName(claim), violation: () => claim.witness(machine) })),
    steps: [entryChangesFirst]
      .filter(isAsked)
      .map((claim) => ({ name: claimName(claim), violation: () => claim.witness(machine) })),
  };
  return explore(machine, checks, { store: "full", ...options.limits }, options.observer);
}
