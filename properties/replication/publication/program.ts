/** How a program is made of what its threads do: the machine, the accesses that are turns, the claims. */
import type { Operation, Program } from "../../../explore/interleave/program.js";
import { ALL_RULES, type Rules } from "../../../impl/replication/rules.js";
import type { Geometry } from "../../../vocabulary/geometry.js";
import type { Operation as Step } from "../../../vocabulary/replication/operations.js";
import type { InterleavedClaim, InterleavedClaims } from "../../engine/interleaved.js";
import { PublicationClaims } from "./claims.js";
import { machineAfter } from "./machine.js";
import { Cpu } from "./operations.js";
import { referenceModel } from "./reference.js";

export interface PublicationProgram {
  readonly name: string;
  readonly title: string;
  program(rules?: Rules): Program;
  readonly claims: InterleavedClaims;
  /** What its search comes to with all rules in force. */
  readonly expected: { readonly states: number; readonly steps: number };
  readonly effort: "quick" | "long";
}

export interface Plan {
  readonly name: string;
  readonly title: string;
  readonly shape?: Partial<Geometry>;
  /** What has happened before the threads begin. */
  readonly before: readonly Step[];
  /** What each CPU does, from CPU 0 on. */
  threads(cpus: readonly Cpu[]): readonly (readonly Operation[])[];
  /** What is claimed besides what every program claims. */
  claims?(claims: PublicationClaims): readonly InterleavedClaim[];
  /** Whether the reference must explain every history of the operations that it knows. */
  readonly isExplained?: boolean;
  readonly expected: PublicationProgram["expected"];
  readonly effort?: PublicationProgram["effort"];
}

/**
 * Accesses that are no turns of their own. Words of one CPU are touched by whoever keeps it from taking interrupts; pools and
 * ranges are under locks, the zone's and the areas'; fresh tables are the one's who has allocated them; the others are
 * written by nobody here, or counts that are added to.
 */
const RIDING =
  /^(tlb|walkCache|pool|ranges|global|process|ghost|cache|pop)\.|^cpu\.pid$|^entry\.zero$|^space\.(root|users|policy|moving|cacheOnly|bases|copies)$/;

export function publicationProgram(plan: Plan): PublicationProgram {
  const machine = machineAfter(plan.shape ?? {}, plan.before);
  const claims = new PublicationClaims(machine);
  return {
    name: plan.name,
    title: plan.title,
    program: (rules = ALL_RULES) => ({
      name: plan.name,
      shared: machine.shared.slice(),
      threads: (port) => {
        const cpus = Array.from({ length: machine.layout.cpus }, (_, cpu) => new Cpu(port, machine, rules, cpu));
        return plan.threads(cpus).map((operations, cpu) => ({ name: `cpu ${cpu}`, operations }));
      },
      isSchedulePoint: (label) => !RIDING.test(label),
      keepsResults: true,
    }),
    claims: {
      always: [...claims.always, ...(plan.claims?.(claims) ?? [])],
      atEnd: [claims.orderAtEnd],
      ...(plan.isExplained ? { model: referenceModel(machine.layout.geometry, plan.before) } : {}),
    },
    expected: plan.expected,
    effort: plan.effort ?? "quick",
  };
}
