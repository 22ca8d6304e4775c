/** A CPU's access to memory: what it answers, which A and D it sets, and what it remembers afterwards. */
import { produce } from "immer";
import type { Access, Mode } from "../../vocabulary/page-table/access.js";
import type { FaultReason } from "../../vocabulary/page-table/fault.js";
import type { Outcome } from "../../vocabulary/page-table/outcomes.js";
import { canonicalPage, firstPage, prefix } from "./address.js";
import type { Leaf, Pointer } from "./entry.js";
import { ALL_RIGHTS, type Cpu, type State, type WalkRights } from "./state.js";
import { path, type Step } from "./tables.js";
import {
  bothRights,
  deepestPointer,
  forgetPage,
  lacking,
  remembered,
  rememberLeaf,
  rememberPointer,
} from "./translation.js";

export interface Answer {
  readonly state: State;
  readonly outcome: Outcome;
}

export function withCpu(state: State, number: number, cpu: Cpu): State {
  return { ...state, cpus: state.cpus.map((other, i) => (i === number ? cpu : other)) };
}

const rightsOfEntry = (entry: Leaf | Pointer): WalkRights => ({
  writable: entry.writable,
  user: entry.user,
  executable: !entry.noExecute,
});

/** An access by a CPU that has a root loaded. */
export function access(state: State, number: number, virtualPage: number, kind: Access, mode: Mode): Answer {
  const { geometry } = state;
  const cpu = state.cpus[number]!;
  const page = canonicalPage(geometry, virtualPage);
  if (page === undefined) return { state, outcome: { kind: "fault", reason: "non-canonical", level: 0 } };
  const known = remembered(geometry, cpu, page);
  if (known !== undefined) {
    const reason = lacking(known, kind, mode);
    if (reason !== undefined) return fault(state, number, page, reason, known.level);
    // A write through a translation without D must set D in the leaf, so it walks.
    if (kind !== "write" || known.dirty) {
      return { state, outcome: { kind: "translated", frame: known.frame + (page - known.page) } };
    }
  }
  return walk(state, number, page, kind, mode);
}

function walk(state: State, number: number, page: number, kind: Access, mode: Mode): Answer {
  const { geometry } = state;
  const cpu = state.cpus[number]!;
  if (cpu.root === null) throw new Error(`cpu ${number} walks without a root`);
  const start = deepestPointer(geometry, cpu, page);
  const steps =
    start === undefined ? path(state, page, cpu.root) : path(state, page, start.pointer.table, start.level - 1);
  const last = steps.at(-1)!;
  const pointers = steps.slice(0, -1);
  // Whatever comes of it, the pointers on the way have been walked: A is set in them, and the CPU knows them (W40).
  let rights: WalkRights = start?.pointer ?? ALL_RIGHTS;
  let walked = marked(state, pointers, false);
  for (const { level, entry } of pointers as readonly (Step & { readonly entry: Pointer })[]) {
    rights = bothRights(rights, rightsOfEntry(entry));
    const pointer = { prefix: prefix(geometry, level, page), table: entry.table, ...onlyRights(rights) };
    walked = withCpu(walked, number, rememberPointer(geometry, walked.cpus[number]!, level, pointer));
  }
  const leaf = last.entry;
  if (leaf?.kind !== "leaf" || !leaf.present) return fault(walked, number, page, "not-present", last.level);
  rights = bothRights(rights, rightsOfEntry(leaf));
  const reason = lacking(rights, kind, mode);
  if (reason !== undefined) return fault(walked, number, page, reason, last.level);
  const first = firstPage(geometry, last.level, page);
  const dirty = leaf.dirty || kind === "write";
  const remembers = rememberLeaf(geometry, walked.cpus[number]!, {
    page: first,
    level: last.level,
    frame: leaf.frame,
    ...onlyRights(rights),
    dirty,
  });
  return {
    state: marked(withCpu(walked, number, remembers), [last], kind === "write"),
    outcome: { kind: "translated", frame: leaf.frame + (page - first) },
  };
}

/** A fault makes the CPU forget what it knows of the page (W31). */
function fault(state: State, number: number, page: number, reason: FaultReason, level: number): Answer {
  const forgetful = forgetPage(state.geometry, state.cpus[number]!, page);
  return { state: withCpu(state, number, forgetful), outcome: { kind: "fault", reason, level } };
}

/** The state with A, and D if asked, set in the entries of these steps. */
function marked(state: State, steps: readonly Step[], dirty: boolean): State {
  return produce(state, (draft) => {
    for (const { table, index } of steps) {
      const entry = draft.tables[table]![index]!;
      entry.accessed = true;
      if (dirty && entry.kind === "leaf") entry.dirty = true;
    }
  });
}

const onlyRights = ({ writable, user, executable }: WalkRights): WalkRights => ({ writable, user, executable });
