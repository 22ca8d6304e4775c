/**
 * Random command sequences over large scopes, by fast-check's model-based commands, both twins in step.
 *
 * A command is a seed of decisions. What it does is decided when it runs, against the state of the reference: one of the
 * menu's items that have something to offer there, uniformly, and its arguments. So no command evaporates. Each run draws
 * its items from a subset of the menu of its own (swarm), every fourth one from the whole.
 */
import fc from "fast-check";
import type { AnyOperation, AnySampleScope, AnySystem } from "./any-system.js";
import { inliningLittle } from "./compilation.js";
import type { Counterexample } from "./counterexample.js";
import { Decisions } from "./decisions.js";
import { type Breach, Pair } from "./pair.js";
import { shrink } from "./shrink.js";
import { tell } from "./tell.js";

export interface SampleOptions {
  /** A 32-bit integer; the same seed gives the same result. */
  readonly seed: number;
  /** Command sequences to try, from 1. */
  readonly runs: number;
  /** Most seconds of wall time; by default any number. */
  readonly seconds?: number | undefined;
  /** Id of the mutant to run instead of the system as it is. */
  readonly without?: string;
  onProgress?(runs: number, commands: number): void;
}

export interface Sampled {
  /** A sample that finds nothing has found nothing: `held` is said of its runs only. `unfinished`: not of all of them. */
  readonly verdict: "held" | "violated" | "unfinished";
  readonly runs: number;
  readonly commands: number;
  /** How often each item of the menu was taken. */
  readonly taken: Readonly<Record<string, number>>;
  /** Shrunk until no single step can be dropped. */
  readonly counterexample: Counterexample | undefined;
}

const WHOLE_MENU_EVERY = 4;
const MILLISECONDS = 1000;

/** What broke, and the operations that led there after `setup`. */
interface Broken {
  readonly setup: readonly AnyOperation[];
  readonly operations: readonly AnyOperation[];
  readonly breach: Breach;
}

/** One command sequence in progress. */
class Run {
  readonly operations: AnyOperation[] = [];
  private readonly campaign: Campaign;
  private readonly subset: readonly number[];

  constructor(campaign: Campaign, swarmSeed: number) {
    this.campaign = campaign;
    this.subset = campaign.swarm(swarmSeed);
  }

  take(seed: number): void {
    const { campaign } = this;
    const choose = new Decisions(seed);
    const drawn = campaign.draw(this.subset, choose) ?? campaign.draw(campaign.wholeMenu, choose);
    if (drawn === undefined) return; // nothing at all can be done in this state
    this.operations.push(drawn);
    campaign.commands++;
    const offer = campaign.pair.offer(drawn, true);
    const breach = typeof offer === "string" ? campaign.pair.step(drawn).breach : offer;
    if (breach === undefined) return;
    campaign.broken = { setup: campaign.scope.setup, operations: this.operations, breach };
    throw new Error(breach.name);
  }
}

class Take implements fc.Command<Run, Pair> {
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  check(): boolean {
    return true; // what can be done is decided when it is done
  }

  run(run: Run): void {
    run.take(this.seed);
  }

  toString(): string {
    return `take(${this.seed})`;
  }
}

class Campaign {
  readonly system: AnySystem;
  readonly pair: Pair;
  readonly wholeMenu: readonly number[];
  readonly taken: Record<string, number>;
  commands = 0;
  runs = 0;
  broken: Broken | undefined;
  readonly scope: AnySampleScope;

  constructor(system: AnySystem, scope: AnySampleScope, without: string | undefined) {
    this.system = system;
    this.scope = scope;
    this.pair = new Pair(system, scope.shape, without);
    this.wholeMenu = scope.menu.map((_, item) => item);
    this.taken = Object.fromEntries(scope.menu.map(({ name }) => [name, 0]));
  }

  begin(swarmSeed: number): { model: Run; real: Pair } {
    this.runs++;
    const { breach, done } = this.pair.begin(this.scope.setup);
    if (breach !== undefined) {
      this.broken = { setup: [], operations: this.scope.setup.slice(0, done), breach };
      throw new Error(breach.name);
    }
    return { model: new Run(this, swarmSeed), real: this.pair };
  }

  /** The items that a run may take. */
  swarm(seed: number): readonly number[] {
    const choose = new Decisions(seed);
    if (choose.below(WHOLE_MENU_EVERY) === 0) return this.wholeMenu;
    return this.wholeMenu.filter(() => choose.below(2) === 0);
  }

  /** The operation of one of `items`, each that has one to offer being as likely as the others. */
  draw(items: readonly number[], choose: Decisions): AnyOperation | undefined {
    const left = [...items];
    while (left.length > 0) {
      const at = choose.below(left.length);
      const item = this.scope.menu[left[at]!]!;
      const operation = item.draw(this.pair.state, choose);
      // What the reference does not let a caller ask for is not offered.
      if (operation !== undefined && this.pair.enabled(operation)) {
        this.taken[item.name]!++;
        return operation;
      }
      left[at] = left[left.length - 1]!;
      left.pop();
    }
    return undefined;
  }
}

/** Tries `runs` command sequences, or fewer if one breaks a claim. */
export function sample(system: AnySystem, scope: AnySampleScope, options: SampleOptions): Sampled {
  const { seed, runs, without } = options;
  const campaign = new Campaign(system, scope, without);
  const seeds = fc.noBias(fc.integer());
  // Without `size` fast-check draws ten commands at most, whatever `maxCommands` says.
  const commands = fc.commands([seeds.map((drawn) => new Take(drawn))], {
    maxCommands: scope.commandsMax,
    size: "max",
  });
  const property = fc.property(seeds, commands, (swarmSeed, taken) => {
    options.onProgress?.(campaign.runs, campaign.commands);
    fc.modelRun(() => campaign.begin(swarmSeed), taken as Iterable<fc.Command<Run, Pair>>);
  });
  const time = options.seconds === undefined ? {} : { interruptAfterTimeLimit: MILLISECONDS * options.seconds };
  const details = inliningLittle(() => fc.check(property, { seed, numRuns: runs, endOnFailure: true, ...time }));
  if (details.failed && !details.interrupted && campaign.broken === undefined) throw details.errorInstance;
  return {
    verdict: campaign.broken !== undefined ? "violated" : details.interrupted ? "unfinished" : "held",
    runs: campaign.runs,
    commands: campaign.commands,
    taken: campaign.taken,
    counterexample: campaign.broken && story(campaign, campaign.broken, options),
  };
}

function story(
  { system, scope }: Campaign,
  broken: Broken,
  { without, seed }: SampleOptions,
): Counterexample | undefined {
  const place = { name: scope.name, shape: scope.shape, setup: broken.setup };
  const { operations, isMinimal } = shrink(system, place, broken.operations, broken.breach, without);
  return tell(system, {
    engine: "sample",
    mutant: without ?? null,
    scope: place,
    seed,
    minimality: isMinimal ? "1-minimal" : "as-found",
    operations,
  });
}
