/** What can happen in a state of the whole, and where it leads: `operations` are the guards, `apply` the effects. */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Message, Operation, Outcome } from "../../vocabulary/coherency/operations.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { act, change, type Scene } from "./act.js";
import { classifyAccess, classifyEnd, classifyMessage } from "./classify.js";
import { learn, takeAskerIn } from "./group.js";
import { type Cell, type Event, PROTOCOL } from "./protocol.js";
import { accessReadOnly, isReadOnly, readOnlyAccesses } from "./read-only.js";
import { type Channel, isWriting, type State, withChannel } from "./state.js";

export interface Step {
  readonly state: State;
  readonly outcome: Outcome;
  /** Cells of the table that were visited, in order. */
  readonly cells: Scene["cells"];
}

const nothing: Outcome = {
  completed: false,
  committed: "no",
  fetchedNothing: false,
  unspecified: false,
  askedNobody: false,
  refused: false,
};

/** Everything that can happen: accesses that the copies do not permit, deliveries, and under delayed exit the exits. */
export function* operations(configuration: Configuration, state: State): Generator<Operation> {
  for (const kernel of state.copies.keys()) {
    yield* accesses(configuration, state, kernel);
    for (const from of state.copies.keys()) yield* deliveries(configuration, state, from, kernel);
    const end = classifyEnd(configuration.rules, state, kernel);
    if (configuration.exit === "delayed" && end !== "NotYet") yield { kind: "exit", kernel, draw: 0 };
  }
}

function* accesses(configuration: Configuration, state: State, kernel: number): Generator<Operation> {
  const copy = state.copies[kernel]!;
  if (isReadOnly(configuration)) return yield* readOnlyAccesses(state, kernel);
  if (copy.pending !== "none") {
    const isRetried = copy.state === "Invalid" || copy.state === "Shared";
    if (isRetried) for (const draw of places(state, kernel, copy.pending)) yield { kind: "retry", kernel, draw };
    return;
  }
  if (cellOf(state, kernel, "read").kind === "go") yield { kind: "read", kernel };
  if (cellOf(state, kernel, "write").kind === "go")
    for (const draw of places(state, kernel, "write")) yield { kind: "write", kernel, draw };
}

function cellOf(state: State, kernel: number, access: "read" | "write") {
  return PROTOCOL[state.copies[kernel]!.state][classifyAccess(state, kernel, access)];
}

/** The places among the live stamps that a new one can take, if the access draws one. */
function places(state: State, kernel: number, access: "read" | "write"): readonly number[] {
  if (access === "read" || state.copies[kernel]!.state !== "Shared") return [0];
  return Array.from({ length: 1 + state.copies.filter(isWriting).length }, (_, place) => place);
}

function* deliveries({ channels }: Configuration, state: State, from: number, to: number): Generator<Operation> {
  const channel = state.channels[from]![to]!;
  const bothInFlight = inFlight(channel) !== "none" && channel.answer !== "none";
  const isOrdered = channels === "fifo" && bothInFlight;
  if (inFlight(channel) !== "none" && !(isOrdered && channel.answerFirst)) yield { kind: "request", from, to, draw: 0 };
  if (channel.answer !== "none" && !(isOrdered && !channel.answerFirst)) yield { kind: "answer", from, to, draw: 0 };
}

/** The request in flight; a held one has arrived. */
function inFlight({ request }: Channel): "none" | "Fetch" | "FetchWrite" | "Invalid" {
  return request === "heldFetch" || request === "heldFetchWrite" ? "none" : request;
}

/**
 * Lets an operation of {@link operations} happen.
 * @throws PagetwinError NOT_ENABLED for a message that is not there or an access that is not pending
 */
export function apply(configuration: Configuration, state: State, operation: Operation): Step {
  const kernel = "to" in operation ? operation.to : operation.kernel;
  const from = "from" in operation ? operation.from : -1;
  const draw = "draw" in operation ? operation.draw : 0;
  const scene: Scene = { configuration, state, kernel, from, message: "none", draw, outcome: nothing, cells: [] };
  if (isReadOnly(configuration)) return accessReadOnly(scene, operation);
  switch (operation.kind) {
    case "read":
    case "write":
      return enter(scene, classifyAccess(state, kernel, operation.kind));
    case "retry":
      return retry(scene);
    case "request":
      return receiveRequest(scene);
    case "answer":
      return receiveAnswer(scene);
    case "exit":
      return end(scene);
  }
}

function retry(scene: Scene): Scene {
  const { pending } = scene.state.copies[scene.kernel]!;
  if (pending === "none") throw new PagetwinError("NOT_ENABLED", `kernel ${scene.kernel} has no pending access`);
  return enter(scene, classifyAccess(scene.state, scene.kernel, pending));
}

function receiveRequest(scene: Scene): Scene {
  const kind = inFlight(scene.state.channels[scene.from]![scene.kernel]!);
  if (kind === "none") throw new PagetwinError("NOT_ENABLED", `no request from ${scene.from} to ${scene.kernel}`);
  return receive(takeAskerIn(scene), { kind }, { request: "none" });
}

function receiveAnswer(scene: Scene): Scene {
  const { answer } = scene.state.channels[scene.from]![scene.kernel]!;
  if (answer === "none") throw new PagetwinError("NOT_ENABLED", `no answer from ${scene.from} to ${scene.kernel}`);
  return receive(learn({ ...scene, message: answer }), answer, { answer: "none" });
}

/** The message leaves its channel, is acted upon, and under atomic exit may end the wait. */
function receive(scene: Scene, message: Message, taken: Partial<Channel>): Scene {
  const { state, from, kernel } = scene;
  const event = classifyMessage(state, kernel, from, message);
  const emptied = withChannel(state, from, kernel, { ...taken, answerFirst: false });
  const received = enter({ ...scene, state: emptied, message }, event);
  return scene.configuration.exit === "atomic" ? settle(received) : received;
}

/** Leaves the wait state, and the next one, as long as nothing is awaited. A fetch repeated to nobody (G3) ends nothing. */
function settle(scene: Scene): Scene {
  const event = classifyEnd(scene.configuration.rules, scene.state, scene.kernel);
  if (event === "NotYet") return scene;
  const left = enter(scene, event);
  return stateIn(left) === stateIn(scene) ? left : settle(left);
}

const stateIn = ({ state, kernel }: Scene) => state.copies[kernel]!.state;

function end(scene: Scene): Scene {
  const event = classifyEnd(scene.configuration.rules, scene.state, scene.kernel);
  if (event === "NotYet") throw new PagetwinError("NOT_ENABLED", `kernel ${scene.kernel} still waits`);
  return enter(scene, event);
}

/** Looks the event up in the table and does what the cell says. */
function enter(scene: Scene, event: Event): Scene {
  const { state } = scene.state.copies[scene.kernel]!;
  const visited: Scene = { ...scene, cells: [...scene.cells, [state, event]] };
  const cell: Cell = PROTOCOL[state][event];
  switch (cell.kind) {
    case "go":
      return cell.actions.reduce(act, change(visited, { state: cell.to }));
    case "hit":
    case "stall":
      return visited;
    case "never":
      return { ...visited, outcome: { ...visited.outcome, unspecified: true } };
  }
}
