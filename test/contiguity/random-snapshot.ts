/** Random snapshots of small processes, as the folder that the command reads and as the plain words that a C program reads. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Decisions } from "../../properties/engine/decisions.js";

const HUGE_PAGES = 512;
const FRAMES = 16_384;
const PRESENT = 2n ** 63n;
const SWAPPED = 2n ** 62n;
const SOFT_DIRTY = 2n ** 55n;
const THP_HEAD = 0x408000n;
const THP_TAIL = 0x410000n;

interface Process {
  readonly pid: number;
  readonly maps: string;
  readonly words: BigUint64Array;
}

export interface RandomSnapshot {
  readonly processes: readonly Process[];
  readonly flags: BigUint64Array;
}

/** @param isStrict all pages present, no huge page that is cut or astray: what the tool itself reads as it is meant */
export function randomSnapshot(seed: number, isStrict = false): RandomSnapshot {
  const decisions = new Decisions(seed);
  const flags = new BigUint64Array(FRAMES);
  const pids = decisions.below(3) === 0 ? [5, 7] : [7];
  return { processes: pids.map((pid) => processOf(pid, decisions, flags, isStrict)), flags };
}

function processOf(pid: number, decisions: Decisions, flags: BigUint64Array, isStrict: boolean): Process {
  const words: bigint[] = [];
  const lines: string[] = [];
  let page = 1 + decisions.below(2000);
  for (let area = decisions.below(5); area >= 0; area--) {
    if (decisions.below(3) > 0) page += decisions.below(1500); // else it touches the one before
    if (decisions.below(3) === 0) page = Math.ceil(page / HUGE_PAGES) * HUGE_PAGES;
    const end = page + 1 + decisions.below(decisions.below(2) === 0 ? 40 : 2500);
    lines.push(`${(page * 4096).toString(16)}-${(end * 4096).toString(16)} rw-p 00000000 00:00 0\n`);
    page = fill(words, flags, page, end, decisions, isStrict);
  }
  if (!isStrict && decisions.below(2) === 0) {
    lines.push("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n");
  }
  const cut = !isStrict && decisions.below(6) === 0 ? decisions.below(200) : 0;
  const limit = Math.max(1, page - cut);
  const array = new BigUint64Array(limit);
  for (let at = 0; at < limit; at++) array[at] = words[at] ?? 0n;
  return { pid, maps: lines.join(""), words: array };
}

/** Pieces of an area: contiguous, scattered, huge, astray, absent, swapped out. @returns `end` */
function fill(
  words: bigint[],
  flags: BigUint64Array,
  first: number,
  end: number,
  decisions: Decisions,
  isStrict: boolean,
): number {
  for (let page = first; page < end; ) {
    const stop = Math.min(end, page + 1 + decisions.below(decisions.below(3) === 0 ? 900 : 30));
    const kind = decisions.below(isStrict ? 3 : 7);
    const frame = decisions.below(FRAMES - 1000);
    if (kind === 2 && page % HUGE_PAGES === 0 && (!isStrict || page + HUGE_PAGES <= end)) {
      page = huge(words, flags, page, decisions.below(20) * HUGE_PAGES);
      continue;
    }
    for (; page < stop; page++) {
      if (kind === 0 || kind === 2) words[page] = PRESENT + SOFT_DIRTY + BigInt(frame + page - (stop - 1) + 1000 - 1);
      else if (kind === 1) words[page] = PRESENT + BigInt(decisions.below(FRAMES));
      else if (kind === 3) words[page] = 0n;
      else if (kind === 4) words[page] = SWAPPED + 77n;
      else if (kind === 5)
        words[page] = PRESENT + BigInt(frame); // the zero page
      else words[page] = PRESENT + BigInt(frame + decisions.below(3)) + SOFT_DIRTY;
    }
    if (kind === 6 && decisions.below(3) === 0) flags[frame] = THP_HEAD; // a large folio that is no 2 MiB page
  }
  return end;
}

/** A 2 MiB page, whole even where its area ends before it. @returns the page behind it */
function huge(words: bigint[], flags: BigUint64Array, page: number, frame: number): number {
  for (let at = 0; at < HUGE_PAGES; at++) {
    words[page + at] = PRESENT + BigInt(frame + at);
    flags[frame + at] = at === 0 ? THP_HEAD : THP_TAIL | 0x400000n;
  }
  return page + HUGE_PAGES;
}

/** Writes the snapshot both ways. @returns the arguments of the C program */
export function writeSnapshot(folder: string, { processes, flags }: RandomSnapshot): readonly string[] {
  const words = join(folder, "kpageflags.words");
  writeFileSync(words, flags);
  writeFileSync(join(folder, "kpageflags.json"), documentOf("kpageflags-runs-v1", flags));
  const pids = processes.map(({ pid }) => pid);
  const args = ["-p", pids.length > 1 ? "0" : String(pids[0])];
  writeFileSync(join(folder, "case.json"), JSON.stringify({ tool_args: args, processes_in_visit_order: pids }));
  const files = processes.flatMap(({ pid, maps, words }) => {
    const [mapsPath, wordsPath] = [join(folder, `maps.${pid}.txt`), join(folder, `pagemap.${pid}.words`)];
    writeFileSync(mapsPath, maps);
    writeFileSync(wordsPath, words);
    writeFileSync(join(folder, `pagemap.${pid}.json`), documentOf("pagemap-runs-v1", words));
    return [mapsPath, wordsPath];
  });
  return [words, ...files];
}

/** Word for word: what a recorder may fold is not what is tested here. */
function documentOf(format: string, words: BigUint64Array): string {
  const runs: string[] = [];
  for (const [index, word] of words.entries()) {
    if (word !== 0n) runs.push(`[${index},1,"0x${word.toString(16)}",0,1]`);
  }
  return `{"format":"${format}","limit":${words.length},"runs":[${runs.join(",")}]}`;
}
