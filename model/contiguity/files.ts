/** Files (1.9): pages in memory, and the frames that a huge allocation for a file sets aside for its later pages. */
import { type Allocated, allocate, allocateAnywhere } from "./allocation.js";
import { type Asker, askerOf } from "./nodes.js";
import {
  type FileState,
  isInUse,
  type ProcessState,
  type ReservedBlock,
  type State,
  withAttempt,
  withFailure,
  withFrames,
  withSuccess,
} from "./state.js";

export interface Read {
  readonly state: State;
  /** Undefined: there is no frame. */
  readonly allocated: Allocated | undefined;
}

export const fileOf = (state: State, file: number): FileState | null => state.files[file] ?? null;

export function frameOfPage(state: State, file: number, page: number): number | undefined {
  return fileOf(state, file)?.cached.find((each) => each.page === page)?.frame;
}

export function withFile(state: State, file: number, value: FileState | null): State {
  return { ...state, files: state.files.with(file, value) };
}

/** Brings a page into memory: by read-ahead if contiguity-aware paging is on for the process, else into any frame. */
export function readPage(state: State, file: number, page: number, process: ProcessState, node?: number): Read {
  const asker = askerOf(process, node);
  const tried = process.contiguityAware ? readAhead(state, asker, file, page) : anywhere(state, asker);
  if (tried.allocated === undefined) return tried;
  const found = fileOf(tried.state, file)!;
  const cached = [...found.cached, { page, frame: tried.allocated.frame }].sort((a, b) => a.page - b.page);
  return { ...tried, state: withFile(tried.state, file, { ...found, cached }) };
}

function anywhere(state: State, { node }: Asker): Read {
  const allocated = allocateAnywhere(state, node, 0);
  return { state: allocated?.state ?? state, allocated };
}

function readAhead(state: State, asker: Asker, file: number, page: number): Read {
  const { pages, offset } = fileOf(state, file)!;
  const target = page - offset;
  const probed = takeReserved(state, target);
  if (probed.taken) return placed(probed.state, file, page, target, { frame: target, way: "reserved" }, 0);
  const unit = 2 ** state.shape.memory.hugeOrder;
  const order = pages >= unit && page % unit === 0 ? state.shape.memory.hugeOrder : 0;
  const exists = target >= 0 && target < state.zones.at(-1)!.end;
  const aim = { target: exists ? target : undefined, remaining: pages - page };
  const huge = allocate(probed.state, asker, aim, order);
  const allocated = huge ?? allocate(probed.state, asker, { ...aim, remaining: 0 }, 0);
  if (allocated === undefined) return { state: probed.state, allocated };
  return placed(allocated.state, file, page, target, allocated, huge === undefined ? 0 : order);
}

/** The first of 2^order frames is the page's, the others are set aside; the file learns where it is if that is new. */
function placed(
  state: State,
  file: number,
  page: number,
  target: number,
  { frame, way }: Pick<Allocated, "frame" | "way">,
  order: number,
): Read {
  const reserved = withBlocks(state.reserved, piecesBeside(frame, frame, order, file));
  const found = fileOf(state, file)!;
  const learned = frame === target ? found : { ...found, offset: page - frame };
  const after = withFile({ ...state, reserved }, file, learned);
  return { state: after, allocated: { state: after, frame, way } };
}

function takeReserved(state: State, target: number): { readonly state: State; readonly taken: boolean } {
  const asked = withAttempt(state);
  if (target < 0 || target >= state.zones.at(-1)!.end) {
    return { state: withFailure(asked, "INVALID_PFN", 0), taken: false };
  }
  if (isInUse(state, target)) return { state: withFailure(asked, "OCCUPIED", 0), taken: false };
  const block = state.reserved.find(({ frame, order }) => target >= frame && target < frame + 2 ** order);
  if (block === undefined) return { state: withFailure(asked, "NOTHING_FOUND", 0), taken: false };
  const others = state.reserved.filter((each) => each !== block);
  const reserved = withBlocks(others, piecesBeside(target, block.frame, block.order, block.file));
  return { state: withSuccess({ ...asked, reserved }, "RESERVED", 0), taken: true };
}

/** A block without one of its frames, as aligned blocks: at each halving the half without the frame. */
function piecesBeside(target: number, frame: number, order: number, file: number): readonly ReservedBlock[] {
  if (order === 0) return [];
  const upper = frame + 2 ** (order - 1);
  const [kept, aside] = target >= upper ? [upper, frame] : [frame, upper];
  return [{ frame: aside, order: order - 1, file }, ...piecesBeside(target, kept, order - 1, file)];
}

function withBlocks(reserved: readonly ReservedBlock[], more: readonly ReservedBlock[]): readonly ReservedBlock[] {
  return [...reserved, ...more].sort((a, b) => a.frame - b.frame);
}

/** A page leaves memory. */
export function evict(state: State, file: number, page: number): State {
  const found = fileOf(state, file)!;
  const { frame } = found.cached.find((each) => each.page === page)!;
  const cached = found.cached.filter((each) => each.page !== page);
  return withFrames(withFile(state, file, { ...found, cached }), frame, 0);
}

/** The file goes, with its pages; what was set aside for it is free again (A23). */
export function deleteFile(state: State, file: number): State {
  const emptied = fileOf(state, file)!.cached.reduce((after, { page }) => evict(after, file, page), state);
  const own = emptied.reserved.filter((block) => block.file === file);
  const rest = { ...emptied, reserved: emptied.reserved.filter((block) => block.file !== file) };
  const freed = own.reduce<State>((after, { frame, order }) => withFrames(after, frame, order), rest);
  return withFile(freed, file, null);
}
