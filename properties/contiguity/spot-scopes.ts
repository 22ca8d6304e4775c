/** Traces of misses: all short ones over a few translations, and long ones that are sampled. */
import type { SpotState } from "../../model/contiguity/spot.js";
import type { SpotOperation } from "../../vocabulary/contiguity/spot.js";
import type { Choose, SampleScope, Scope, Shape } from "../engine/system.js";
import type { SpotSystemShape } from "./spot-view.js";

const shape = (sets: number, ways: number, counters: number): Shape => {
  const spot: SpotSystemShape = { sets, ways, counters };
  return spot as unknown as Shape;
};

/** Page 5 in a frame that is so far away. */
const miss = (counter: number, offset: number, writable = true): SpotOperation => ({
  kind: "miss",
  counter,
  page: 5,
  frame: 5 - offset,
  writable,
});

const entries = (state: SpotState) => state.sets.flat();

export const spotScopes: readonly Scope<SpotOperation, SpotState>[] = [
  {
    name: "one-set",
    title: "a table of one set of two ways, three counters, an offset above and one below 0, read-only pages",
    shape: shape(1, 2, 3),
    setup: [],
    actions: [miss(0, 2), miss(0, -7), miss(0, 2, false), miss(1, 2), miss(1, -7), miss(2, 2)].map((each) => [each]),
    sometimes: [
      {
        name: "two counters are sure of different offsets",
        holds: (state) => entries(state).every(({ confidence }) => confidence === 3) && offsets(state).size === 2,
      },
      { name: "an entry made room for another", holds: (state) => entries(state).some(({ counter }) => counter === 2) },
    ],
    expected: { states: 3043, transitions: 18258, depth: 8 },
    effort: "quick",
  },
  {
    name: "two-sets",
    title: "two sets of one way each: counters that push each other out, and one that is alone",
    shape: shape(2, 1, 3),
    setup: [],
    actions: [0, 1, 2].flatMap((counter) => [[miss(counter, 2)], [miss(counter, -7)]]),
    sometimes: [
      {
        name: "both sets predict",
        holds: (state) => entries(state).filter(({ confidence }) => confidence >= 2).length === 2,
      },
    ],
    expected: { states: 703, transitions: 4218, depth: 8 },
    effort: "quick",
  },
];

const offsets = (state: SpotState): ReadonlySet<number> => new Set(entries(state).map(({ offset }) => offset));

/** Of a counter that has an entry: the offset that it has; or some other. */
function draw(state: SpotState, choose: Choose, counters: number, follows: boolean): SpotOperation {
  const known = entries(state);
  const page = choose.below(2 ** 30);
  if (follows && known.length > 0) {
    const { counter, offset, writable } = choose.from(known);
    return { kind: "miss", counter, page, frame: page - offset, writable };
  }
  const frame = choose.from([page - 512, page + 2 ** 31, choose.below(2 ** 30)]);
  return { kind: "miss", counter: choose.below(counters), page, frame, writable: choose.below(4) > 0 };
}

export const spotSampleScopes: readonly SampleScope<SpotOperation, SpotState>[] = [
  {
    name: "eight-sets",
    title: "8 sets of 4 ways, 64 counters",
    shape: shape(8, 4, 64),
    setup: [],
    menu: [
      { name: "a miss that follows", draw: (state, choose) => draw(state, choose, 64, true) },
      { name: "another one that follows", draw: (state, choose) => draw(state, choose, 64, true) },
      { name: "a miss elsewhere", draw: (state, choose) => draw(state, choose, 64, false) },
    ],
    commandsMax: 200,
  },
];
