/** The code under test with all that notices whether the theory covers it. */
import { CodeRunner, ENDING, type RunOrder } from "./code-runner.js";
import type { Program } from "./program.js";
import { Labels } from "./replay-port.js";
import { Decoy, OutsideTheory, Suspicion, trappedWords, worthlessWords } from "./trap.js";

export class WatchedCode {
  readonly runner: CodeRunner;
  readonly suspicion = new Suspicion();
  private readonly program: Program;
  private readonly labels = new Labels();
  private readonly initial: Int32Array;
  private readonly decoy: Decoy;
  /** The code once more, with an array of words that it may use. Built when it is needed. */
  private untrapped: CodeRunner | undefined;

  /** @throws OutsideTheory if the code can be built, but not with trapped words */
  constructor(program: Program) {
    this.program = program;
    this.initial = program.shared.slice();
    this.runner = this.build();
    this.decoy = new Decoy(program.shared);
    this.decoy.spoil(0);
  }

  /** The same code, built once more and watched as well. */
  rebuild(): CodeRunner {
    return this.build();
  }

  /** From now on plain accesses would meet other nonsense than before. */
  spoilAnew(): void {
    this.insistUntouched();
    this.decoy.spoil(1);
  }

  /** Gives the caller's array back its words. */
  restore(): void {
    this.decoy.restore();
  }

  /** Raises suspicion if what the last run has thrown is not thrown where the array of shared words may be used. */
  blameTrap(order: RunOrder): void {
    this.untrapped ??= this.buildUntrapped();
    const { untrapped, runner, suspicion } = this;
    const isSame = untrapped.run(order) === ENDING.Thrown && untrapped.message === runner.message;
    if (!isSame) suspicion.raise(`the code uses the array of shared words: ${runner.message}`);
  }

  /** @throws OutsideTheory if anything was noticed */
  insist(): void {
    if (this.suspicion.reason !== undefined) throw new OutsideTheory(this.suspicion.reason);
  }

  /** @throws OutsideTheory if somebody has written to the array that held the initial words */
  insistUntouched(): void {
    const touched = this.decoy.touched();
    if (touched >= 0) this.suspicion.raise(`the code writes word ${touched} of the array of initial words plainly`);
    this.insist();
  }

  private build(): CodeRunner {
    const { program, suspicion, initial, labels } = this;
    try {
      return new CodeRunner(program, suspicion, initial, trappedWords(initial.length, suspicion), labels);
    } catch (error) {
      this.buildUntrapped();
      throw new OutsideTheory(`the code uses the array of shared words: ${String(error)}`);
    }
  }

  private buildUntrapped(): CodeRunner {
    const { program, initial, labels } = this;
    return new CodeRunner(program, new Suspicion(), initial, worthlessWords(initial.length), labels);
  }
}
