/** The rules of thread migration that a mutant can drop. All true is the system itself. */
export interface MigrationRules {
  /** M1, M3. An arriving thread looks for a process of its group; without it, for a thread of its group that runs there,
   * as the paper's section 3.2 has it. */
  readonly looksForProcess: boolean;
  /** M6. It finds a process that is still being made. */
  readonly findsUnderConstruction: boolean;
  /** M1. It finds a process that stands. */
  readonly findsStanding: boolean;
  /** M3. A process that all threads have left is joined as it is; without it a new one takes its place. */
  readonly joinsEmpty: boolean;
  /** M3. A member makes room for the thread that joins; without it the kernel puts it in beside. */
  readonly asksMember: boolean;
  /** M3. As long as there is a member it is asked; without it the process takes the thread in past its members. */
  readonly adoptsOnlyEmpty: boolean;
  /** M3, M7. A process without a member takes a thread in by itself. */
  readonly emptyAdopts: boolean;
  /** M2. The source lets go of a thread whose context it sends. */
  readonly sourceLetsGo: boolean;
  /** M2. A context that is received is not received again. */
  readonly contextIsTaken: boolean;
  /** M4. The pages of a group that has not left its kernel are not replicated; without it they are from the first access. */
  readonly startsOff: boolean;
  /** M5. Replication begins when a thread first leaves its group's kernel. */
  readonly beginsAtDeparture: boolean;
  /** M5. Pages in use are NotReplicated then; without one of these rules Unmapped, or Shared. */
  readonly keepsPagesInUse: boolean;
  readonly keepsThemExclusive: boolean;
  /** M5. They stay on the kernel that used them; without it they go to the other one together with the thread. */
  readonly keepsThemHere: boolean;
  /** M5. A process that is made for an arriving thread replicates. */
  readonly newcomerReplicates: boolean;
  /** M5. What a kernel knows of a page, such as the owner (R3), outlives the making of its process. */
  readonly creationKeepsCopies: boolean;
  /** M7. The process stays when its last thread leaves for another kernel. */
  readonly processStays: boolean;
  /** M7. So it does when its last thread exits, as long as the group lives elsewhere. */
  readonly processOutlivesExit: boolean;
  /** M7. So do its copies. */
  readonly copiesStay: boolean;
  /** M7. A process is removed when all threads of its group have exited; without it when none of them is there. */
  readonly awaitsAllExits: boolean;
  /** M7. Replication stays on when all threads are on one kernel again. */
  readonly staysOn: boolean;
}

export const MIGRATION_RULES: MigrationRules = {
  looksForProcess: true,
  findsUnderConstruction: true,
  findsStanding: true,
  joinsEmpty: true,
  asksMember: true,
  adoptsOnlyEmpty: true,
  emptyAdopts: true,
  sourceLetsGo: true,
  contextIsTaken: true,
  startsOff: true,
  beginsAtDeparture: true,
  keepsPagesInUse: true,
  keepsThemExclusive: true,
  keepsThemHere: true,
  newcomerReplicates: true,
  creationKeepsCopies: true,
  processStays: true,
  processOutlivesExit: true,
  copiesStay: true,
  awaitsAllExits: true,
  staysOn: true,
};
