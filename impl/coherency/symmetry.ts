/**
 * Symmetry over kernels: of all vectors that differ only in who is who, one stands for all.
 *
 * The protocol asks for a kernel's number only to settle equal time stamps; where stamps cannot be equal, renaming the
 * kernels of a state renames those of its successors and nothing else.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { VectorGroups } from "./vector-groups.js";
import * as place from "./vector-layout.js";

/** Bits of the fields that name no kernel. */
const PLAIN_FIELDS = (1 << place.OWNER_SHIFT) - 1 + (1 << place.SAW_REPLICATED_SHIFT);

export class Symmetry {
  /** How many ways there are to rename the kernels. */
  readonly permutations: number;
  private readonly kernels: number;
  private readonly hasBudgets: boolean;
  /** Of the original and of the candidate; only with multicast. */
  private readonly groups: VectorGroups | undefined;
  private readonly renamedGroups: VectorGroups | undefined;
  private readonly words: number;
  /** New name of each kernel, for each permutation; the first one renames nobody. */
  private readonly renamed: readonly Uint8Array[];
  /** New mask of each set, and the new place of each pair, for each permutation. */
  private readonly renamedSets: readonly Uint8Array[];
  private readonly renamedPairs: readonly Uint8Array[];
  /** The kernel that gets each name, for each permutation. */
  private readonly origins: readonly Uint8Array[];
  /** What of each kernel does not change with its name. */
  private readonly keys: Int32Array;
  private readonly original: Int32Array;
  private readonly candidate: Int32Array;

  /** @throws PagetwinError ARGUMENT where the kernels' numbers decide: explicit ties, bounded stamps */
  constructor(configuration: Configuration, hasBudgets: boolean) {
    const { kernels, stamps, ties, rules } = configuration;
    if (ties === "explicit" || typeof stamps === "object")
      throw new PagetwinError(
        "ARGUMENT",
        "symmetry needs stamps that cannot be equal: ties absorbed, stamps not bounded",
      );
    this.kernels = kernels;
    this.hasBudgets = hasBudgets;
    const hasGroups = rules.multicast !== "off";
    this.words = place.vectorWords(kernels, hasBudgets, hasGroups);
    this.renamed = permutationsOf(kernels);
    this.permutations = this.renamed.length;
    this.renamedSets = this.renamed.map((names) =>
      Uint8Array.from({ length: 2 ** kernels }, (_, set) => renameSet(set, names)),
    );
    this.renamedPairs = this.renamed.map((names) => renamePairs(kernels, names));
    this.origins = this.renamed.map((names) => names.map((_, name) => names.indexOf(name)));
    this.keys = new Int32Array(kernels);
    this.original = new Int32Array(this.words);
    this.candidate = new Int32Array(this.words);
    if (!hasGroups) return;
    this.groups = new VectorGroups(this.original, kernels, place.groupsAt(kernels));
    this.renamedGroups = new VectorGroups(this.candidate, kernels, place.groupsAt(kernels));
  }

  /**
   * Replaces a vector by the one that stands for it: of its renamings that put the kernels in ascending order of what
   * does not change with their names, the least.
   */
  canonise(vector: Int32Array): void {
    const { original, candidate, keys } = this;
    for (let word = 0; word < this.words; word++) original[word] = vector[word]!;
    for (let kernel = 0; kernel < this.kernels; kernel++) keys[kernel] = vector[kernel]! & PLAIN_FIELDS;
    let isFirst = true;
    for (let permutation = 0; permutation < this.permutations; permutation++) {
      if (!this.isAscending(this.origins[permutation]!)) continue;
      this.rename(permutation);
      if (isFirst || this.isBelow(candidate, vector))
        for (let word = 0; word < this.words; word++) vector[word] = candidate[word]!;
      isFirst = false;
    }
  }

  private isAscending(origins: Uint8Array): boolean {
    const { keys } = this;
    for (let place = 1; place < origins.length; place++)
      if (keys[origins[place - 1]!]! > keys[origins[place]!]!) return false;
    return true;
  }

  /** How many different vectors the renamings of one make. */
  orbit(vector: Int32Array): number {
    const { original, candidate } = this;
    for (let word = 0; word < this.words; word++) original[word] = vector[word]!;
    let stabilisers = 1;
    for (let permutation = 1; permutation < this.permutations; permutation++) {
      this.rename(permutation);
      let same = true;
      for (let word = 0; word < this.words; word++) if (candidate[word] !== original[word]) same = false;
      if (same) stabilisers++;
    }
    return this.permutations / stabilisers;
  }

  /** Makes `candidate` from `original`. */
  private rename(permutation: number): void {
    const { kernels, original, candidate } = this;
    const names = this.renamed[permutation]!;
    const sets = this.renamedSets[permutation]!;
    const pairs = this.renamedPairs[permutation]!;
    candidate.fill(0);
    for (let kernel = 0; kernel < kernels; kernel++)
      candidate[names[kernel]!] = renameKernel(original[kernel]!, names, sets);
    candidate[0]! |= original[0]! & (1 << place.WRITTEN_SHIFT);
    for (let pair = 0; pair < pairs.length; pair++) {
      const code = (original[kernels + wordOfPair(pair)]! >>> shiftOfPair(pair)) & place.PAIR_MASK;
      const target = pairs[pair]!;
      candidate[kernels + wordOfPair(target)]! |= code << shiftOfPair(target);
    }
    if (this.groups !== undefined && this.renamedGroups !== undefined)
      renameGroups(this.groups, this.renamedGroups, names, sets);
    if (!this.hasBudgets) return;
    const budgets = this.words - kernels;
    for (let kernel = 0; kernel < kernels; kernel++) candidate[budgets + names[kernel]!] = original[budgets + kernel]!;
  }

  private isBelow(left: Int32Array, right: Int32Array): boolean {
    for (let word = 0; word < this.words; word++) if (left[word] !== right[word]) return left[word]! < right[word]!;
    return false;
  }
}

function renameKernel(word: number, names: Uint8Array, sets: Uint8Array): number {
  const owner = (word >>> place.OWNER_SHIFT) & place.THREE_BITS;
  return (
    (word & PLAIN_FIELDS) |
    ((owner === 0 ? 0 : names[owner - 1]! + 1) << place.OWNER_SHIFT) |
    (sets[(word >>> place.CONCURRENT_SHIFT) & place.SET_MASK]! << place.CONCURRENT_SHIFT) |
    (sets[(word >>> place.INVALIDS_SHIFT) & place.SET_MASK]! << place.INVALIDS_SHIFT) |
    (sets[(word >>> place.FETCH_WRITES_SHIFT) & place.SET_MASK]! << place.FETCH_WRITES_SHIFT)
  );
}

function renameGroups(from: VectorGroups, to: VectorGroups, names: Uint8Array, sets: Uint8Array): void {
  for (let kernel = 0; kernel < names.length; kernel++) {
    to.set(names[kernel]!, sets[from.of(kernel)]!);
    for (let other = 0; other < names.length; other++)
      if (other !== kernel) to.setTold(names[kernel]!, names[other]!, sets[from.told(kernel, other)]!);
  }
}

function renameSet(set: number, names: Uint8Array): number {
  let renamed = 0;
  for (let kernel = 0; kernel < names.length; kernel++) if ((set >>> kernel) & 1) renamed |= 1 << names[kernel]!;
  return renamed;
}

/** Pairs are numbered by sender, then receiver, without those to oneself. */
function renamePairs(kernels: number, names: Uint8Array): Uint8Array {
  const numbered = (from: number, to: number) => from * (kernels - 1) + (to < from ? to : to - 1);
  const renamed = new Uint8Array(kernels * (kernels - 1));
  for (let from = 0; from < kernels; from++)
    for (let to = 0; to < kernels; to++)
      if (to !== from) renamed[numbered(from, to)] = numbered(names[from]!, names[to]!);
  return renamed;
}

const wordOfPair = (pair: number): number => Math.floor(pair / place.PAIRS_PER_WORD);
const shiftOfPair = (pair: number): number => (pair % place.PAIRS_PER_WORD) * place.PAIR_BITS;

/** All orders of 0 to count - 1, the ascending one first. */
function permutationsOf(count: number): readonly Uint8Array[] {
  const extend = (prefix: readonly number[]): readonly (readonly number[])[] => {
    if (prefix.length === count) return [prefix];
    const rest = Array.from({ length: count }, (_, kernel) => kernel).filter((kernel) => !prefix.includes(kernel));
    return rest.flatMap((kernel) => extend([...prefix, kernel]));
  };
  return extend([]).map((order) => Uint8Array.from(order));
}
