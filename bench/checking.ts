/**
 * What checking costs on the replication system: commands of `sample` a second, with both twins and every comparison, and
 * the reference in step with `explore`, for a transition that is new to it and for one that it remembers.
 *
 * Figures are per CPU second of this process; compilation is inside those of `sample`. Run the compiled file with node; an
 * argument gives the number of command sequences.
 */
import { explore } from "../explore/index.js";
import type { Reference } from "../explore/machine.js";
import { StepMemo } from "../explore/step-memo.js";
import { exhaust } from "../properties/engine/exhaust.js";
import { Pair } from "../properties/engine/pair.js";
import { sample } from "../properties/engine/sample.js";
import { ScopeMachine } from "../properties/engine/scope-machine.js";
import { ScopeReference } from "../properties/engine/scope-reference.js";
import { replication } from "../properties/replication/system.js";

const SAMPLE_SCOPES = ["crowded", "starved"];
const RUNS = 2500;
const SEED = 1;
const EXPLORED_SCOPE = "remembering";
const STATES = 30_000;
/** Steps that are taken again, each with the state before it: the last ones of the search. */
const STEPS_MAX = 20_000;
const MEMO_ROUNDS = 100;

/** One question of the explorer to the reference. */
interface Step {
  readonly meaning: number;
  readonly action: number;
  /** The machine's words before. */
  readonly before: Int32Array;
}

/** CPU seconds of this process that `work` takes, and what it comes to. */
function timed<Result>(work: () => Result): { readonly seconds: number; readonly result: Result } {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, result };
}

function scopeNamed<Scope extends { readonly name: string }>(scopes: readonly Scope[], name: string): Scope {
  const scope = scopes.find((each) => each.name === name);
  if (scope === undefined) throw new Error(`there is no scope ${name}`);
  return scope;
}

function benchSample(name: string, runs: number): string {
  const scope = scopeNamed(replication.sampleScopes, name);
  const { seconds, result } = timed(() => sample(replication, scope, { seed: SEED, runs }));
  if (result.verdict !== "held") throw new Error(`${name} is ${result.verdict}`);
  return `sample ${name}: ${result.commands} commands, ${Math.round(result.commands / seconds)} a second`;
}

function benchExhaust(): string {
  const scope = scopeNamed(replication.scopes, EXPLORED_SCOPE);
  const { seconds, result } = timed(() => exhaust(replication, scope, { states: STATES }));
  if (result.exploration === undefined || result.verdict === "violated") throw new Error(`${scope.name} is broken`);
  const { states, transitions } = result.exploration;
  const each = (1e6 * seconds) / transitions;
  return `explore ${scope.name}: ${states} states, ${transitions} transitions, ${each.toFixed(1)} µs a transition, all in all`;
}

function benchReference(): string {
  const scope = scopeNamed(replication.scopes, EXPLORED_SCOPE);
  const pair = new Pair(replication, scope.shape);
  pair.begin(scope.setup);
  const machine = new ScopeMachine(replication, scope, pair);
  const reference = new ScopeReference(replication, scope, machine, pair.state);
  const steps: Step[] = [];
  let distinct = 0;
  const listening: Reference = {
    meaning: () => reference.meaning(),
    answer: () => reference.answer(),
    step: (meaning, action) => {
      steps[distinct++ % STEPS_MAX] = { meaning, action, before: machine.before.slice() };
      return reference.step(meaning, action);
    },
  };
  const { transitions } = explore(machine, { reference: listening }, { store: "full", states: STATES });
  const asked = timed(() => {
    for (const { meaning, action, before } of steps) {
      machine.before.set(before);
      reference.step(meaning, action);
    }
  });
  const memo = new StepMemo({ ...listening, step: () => ({ meaning: 0, answer: 0 }) });
  for (const { meaning, action } of steps) memo.step(meaning, action);
  const remembered = timed(() => {
    for (let round = 0; round < MEMO_ROUNDS; round++)
      for (const { meaning, action } of steps) memo.step(meaning, action);
  });
  const each = (1e6 * asked.seconds) / steps.length;
  const hit = (1e6 * remembered.seconds) / steps.length / MEMO_ROUNDS;
  return `reference in step: ${distinct} of ${transitions} transitions distinct, ${each.toFixed(1)} µs each, ${hit.toFixed(3)} µs a hit`;
}

const runs = Number(process.argv[2] ?? RUNS);
for (const name of SAMPLE_SCOPES) process.stdout.write(`${benchSample(name, runs)}\n`);
process.stdout.write(`${benchExhaust()}\n`);
process.stdout.write(`${benchReference()}\n`);
