/**
 * Anchor entries: each run is cut at the multiples of a distance that is a power of two (4.3).
 *
 * The distance is chosen anew for every run, from all runs seen so far, this one included: the exponent whose cost, the
 * entries that all runs would need if they were aligned, is lowest, the largest one on a tie. The costs of all exponents
 * are kept as sums, so a run costs 22 additions and not a pass over the histogram.
 */
import { ANCHOR_DISTANCES, FIXED_ANCHOR_DISTANCE, HUGE_PAGES } from "../../vocabulary/contiguity/report.js";
import { CountTable } from "./count-table.js";

/** How an anchor table differs from the rule: `tool` keeps the quirks of the authors' tool. */
export interface AnchorRule {
  /** An aligned start waits for the next multiple, one whole distance away (Q5). */
  readonly skipsAlignedStart: boolean;
  /** Of two distances of the same cost the smaller one is chosen. */
  readonly tiesGoDown?: boolean;
  /** Costs are sums of 32-bit integers, which wrap. */
  readonly narrowCosts: boolean;
  /** What a distance does not hold at the end of a run is forgotten. */
  readonly losesRest?: boolean;
  /** Where no anchor lies, each page is an entry of its own. */
  readonly fillsSingly?: boolean;
  /** The exponent that is always used; absent: chosen from the runs. */
  readonly fixedDistance?: number;
}

const SMALL_SIZE = 2 ** 31;
const HUGE_SHIFT = 9;
const HUGE_MASK = HUGE_PAGES - 1;

export class Anchors {
  readonly entries = new CountTable();
  private readonly costs = new Float64Array(ANCHOR_DISTANCES);
  private readonly rule: AnchorRule;

  constructor(rule: AnchorRule) {
    this.rule = rule;
  }

  /** Takes a run into account for the choice of the distance. */
  weigh(size: number): void {
    if (this.rule.fixedDistance !== undefined) return;
    const { costs } = this;
    for (let exponent = 0; exponent < ANCHOR_DISTANCES; exponent++) {
      const distance = 2 ** exponent;
      let cost: number;
      if (size < SMALL_SIZE) {
        const rest = size & (distance - 1);
        cost = (size >>> exponent) + (rest >>> HUGE_SHIFT) + (rest & HUGE_MASK);
      } else {
        const rest = size % distance;
        cost = (size - rest) / distance + (rest >>> HUGE_SHIFT) + (rest & HUGE_MASK);
      }
      const sum = costs[exponent]! + cost;
      costs[exponent] = this.rule.narrowCosts ? sum | 0 : sum;
    }
  }

  /** Cuts the run of pages [start, start + size) into entries. */
  cut(start: number, size: number): void {
    const distance = 2 ** this.distance();
    const end = start + size;
    const over = start % distance;
    const aligned = over === 0 && !this.rule.skipsAlignedStart ? start : start - over + distance;
    const border = Math.min(aligned, end);
    if (border > start) this.fill(start, border);
    if (end <= border) return;
    const whole = Math.floor((end - border) / distance);
    if (whole > 0) this.entries.add(distance, whole);
    const rest = end - border - whole * distance;
    if (rest > 0 && !this.rule.losesRest) this.entries.add(rest, 1);
  }

  /** The exponent of the distance that the next cut uses. */
  distance(): number {
    if (this.rule.fixedDistance !== undefined) return this.rule.fixedDistance;
    let chosen = FIXED_ANCHOR_DISTANCE;
    let lowest = this.costs[0]!;
    for (let exponent = 1; exponent < ANCHOR_DISTANCES; exponent++) {
      const cost = this.costs[exponent]!;
      if (cost < lowest || (cost === lowest && !this.rule.tiesGoDown)) {
        chosen = exponent;
        lowest = cost;
      }
    }
    return chosen;
  }

  /** Covers [start, end), where no anchor lies, by aligned entries of 512 pages and single pages around them. */
  private fill(start: number, end: number): void {
    const before = Math.min((HUGE_PAGES - (start % HUGE_PAGES)) % HUGE_PAGES, end - start);
    const huge = this.rule.fillsSingly ? 0 : Math.floor((end - start - before) / HUGE_PAGES);
    const single = end - start - huge * HUGE_PAGES;
    if (huge > 0) this.entries.add(HUGE_PAGES, huge);
    if (single > 0) this.entries.add(1, single);
  }
}
