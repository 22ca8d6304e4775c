/**
 * Makes a failing schedule short: fewer operations, then fewer switches, then fewer turns, as long as the same claim breaks.
 *
 * A thread that keeps no operation is out of the story. It ends where no single operation and no single turn can be left
 * out, and no run of turns can be joined to the thread's run before or after.
 */
import type { Failure } from "./interleaving.js";
import { type Broken, Judge } from "./judge.js";
import type { Claims, Program } from "./program.js";
import type { ReplayOptions } from "./replayed-threads.js";
import { allOperations, tell } from "./story.js";
import { ThreadMachine } from "./thread-machine.js";

/** What is left of a story. */
interface Story {
  /** Per thread, the numbers of the operations that it keeps. */
  readonly kept: readonly (readonly number[])[];
  readonly schedule: readonly number[];
  /** For each turn, which of the kept operations of its thread it belongs to. */
  readonly operations: readonly number[];
  readonly broken: Broken;
}

/** @param program not in use by another search
 * @param schedule breaks the claim with this name */
export function shrink(
  program: Program,
  claims: Claims,
  options: ReplayOptions,
  schedule: readonly number[],
  claim: string,
): Failure {
  return new Shrinker(program, claims, options, claim).run(schedule);
}

class Shrinker {
  private readonly program: Program;
  private readonly claims: Claims;
  private readonly options: ReplayOptions;
  private readonly claim: string;

  constructor(program: Program, claims: Claims, options: ReplayOptions, claim: string) {
    this.program = program;
    this.claims = claims;
    this.options = options;
    this.claim = claim;
  }

  run(schedule: readonly number[]): Failure {
    const machine = this.machineFor(undefined);
    const kept = allOperations(machine);
    machine.threads.close();
    let story = this.attempt(kept, schedule);
    if (story === undefined) throw new Error(`the schedule does not break ${this.claim} a second time`);
    for (let smaller: Story | undefined = story; smaller !== undefined; smaller = this.smaller(story)) story = smaller;
    return this.told(story);
  }

  private smaller(story: Story): Story | undefined {
    for (const [kept, schedule] of candidates(story)) {
      const tried = this.attempt(kept, schedule);
      if (tried !== undefined && isSmaller(tried, story)) return tried;
    }
    return undefined;
  }

  /** Follows the schedule, past turns of threads that have ended, until the claim breaks. */
  private attempt(kept: Story["kept"], schedule: readonly number[]): Story | undefined {
    const machine = this.machineFor(kept);
    const judge = new Judge(machine, this.claims);
    const taken: number[] = [];
    const operations: number[] = [];
    let broken = judge.broken();
    for (const thread of schedule) {
      if (broken !== undefined) break;
      if (!machine.canGoOn(thread)) continue;
      taken.push(thread);
      operations.push(machine.returned(thread));
      machine.perform(thread);
      broken = judge.broken();
    }
    machine.threads.close();
    return broken?.claim === this.claim ? { kept, schedule: taken, operations, broken } : undefined;
  }

  private told({ kept, schedule, broken }: Story): Failure {
    const machine = this.machineFor(kept);
    const failure = tell(machine, schedule, broken, "1-minimal", kept);
    machine.threads.close();
    return failure;
  }

  private machineFor(kept: Story["kept"] | undefined): ThreadMachine {
    const { program, claims, options } = this;
    return new ThreadMachine(kept === undefined ? program : reducedTo(program, kept), claims.model, options);
  }
}

/** The program with some of its operations only. */
export function reducedTo<Question>(program: Program<Question>, kept: Failure["kept"]): Program<Question> {
  return {
    ...program,
    shared: program.shared.slice(),
    threads: (port, words) =>
      program
        .threads(port, words)
        .map((thread, number) => ({ ...thread, operations: kept[number]!.map((at) => thread.operations[at]!) })),
  };
}

type Candidate = readonly [Story["kept"], readonly number[]];

function* candidates(story: Story): Generator<Candidate> {
  yield* withoutThread(story);
  yield* withoutOperation(story);
  yield* withoutTurns(story);
  yield* joined(story);
}

function* withoutThread({ kept, schedule }: Story): Generator<Candidate> {
  for (const [thread, operations] of kept.entries()) {
    if (operations.length > 0) yield [kept.with(thread, []), schedule.filter((turn) => turn !== thread)];
  }
}

function* withoutOperation({ kept, schedule, operations }: Story): Generator<Candidate> {
  for (const [thread, keptOfThread] of kept.entries()) {
    for (let at = keptOfThread.length - 1; at >= 0; at--) {
      const fewer = kept.with(thread, keptOfThread.toSpliced(at, 1));
      yield [fewer, schedule.filter((turn, step) => turn !== thread || operations[step] !== at)];
      yield [fewer, schedule];
    }
  }
}

function* withoutTurns({ kept, schedule }: Story): Generator<Candidate> {
  for (let size = Math.floor(schedule.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start + size <= schedule.length; start += size) yield [kept, schedule.toSpliced(start, size)];
  }
}

/** Each run of turns moved to the run of the same thread before it, and to the one behind it. */
function* joined({ kept, schedule }: Story): Generator<Candidate> {
  const starts = schedule.flatMap((thread, step) => (step === 0 || schedule[step - 1] !== thread ? [step] : []));
  for (const [number, start] of starts.entries()) {
    const end = starts[number + 1] ?? schedule.length;
    const run = schedule.slice(start, end);
    const before = schedule.lastIndexOf(run[0]!, start - 1);
    const behind = schedule.indexOf(run[0]!, end);
    const rest = schedule.toSpliced(start, run.length);
    if (start > 0 && before >= 0) yield [kept, rest.toSpliced(before + 1, 0, ...run)];
    if (behind >= 0) yield [kept, rest.toSpliced(behind - run.length, 0, ...run)];
  }
}

function isSmaller(one: Story, other: Story): boolean {
  const [mine, theirs] = [sizeOf(one), sizeOf(other)];
  const different = mine.findIndex((size, at) => size !== theirs[at]);
  return different >= 0 && mine[different]! < theirs[different]!;
}

function sizeOf({ kept, schedule }: Story): number[] {
  const operations = kept.reduce((sum, { length }) => sum + length, 0);
  const switches = schedule.filter((thread, step) => step > 0 && schedule[step - 1] !== thread).length;
  return [operations, switches, schedule.length];
}
