/** The reference as a judge of histories: what pop, push and drain of node 0 answer one after another. */
import type { SequentialModel } from "../../explore/interleave/sequential-model.js";
import { apply, enabled, initial, type State, withoutStatistics } from "../../model/page-cache/index.js";
import type { Answer } from "../../vocabulary/page-cache/operations.js";
import { type CacheProgram, type CacheQuestion, geometryOf, layoutOf } from "./programs.js";
import { narrowHeadReader, RawWords } from "./raw-words.js";

/** No operation answers this: what the reference does not allow is explained by nothing. */
const IMPOSSIBLE = -2;

export function cacheModel(shape: CacheProgram): SequentialModel<State, CacheQuestion> {
  const layout = layoutOf(shape);
  const { nodes } = layout.geometry;
  const raw = new RawWords(layout, narrowHeadReader(shape.head === "address" ? 16 : layout.geometry.tagBits));
  return {
    initial: atFirst(shape),
    step: (state, question) => {
      if (question === null) return { state, result: 0 };
      if (!enabled(state, question)) return { state, result: IMPOSSIBLE };
      const { state: next, outcome } = apply(state, question);
      return { state: withoutStatistics(next), result: resultOf(outcome) };
    },
    key: (state) => state.nodes.map(({ list, free }) => nodeText(list, free)).join("; "),
    meaning: (shared) =>
      Array.from({ length: nodes }, (_, node) => nodeText(raw.list(shared, node).frames, raw.free(shared, node))).join(
        "; ",
      ),
  };
}

/** What is neither listed nor free is out. */
function nodeText(list: readonly number[], free: readonly number[]): string {
  return `list ${list.join(" ") || "empty"}, free ${free.join(" ") || "none"}`;
}

function atFirst(shape: CacheProgram): State {
  const geometry = geometryOf(shape);
  const listed = shape.listed ?? geometry.framesPerNode;
  const state = initial(geometry);
  const nodes = state.nodes.map(({ list, free }, node) =>
    node === 0 ? { list: free.slice(0, listed), free: free.slice(listed) } : { list, free },
  );
  return { ...state, nodes };
}

function resultOf(answer: Answer): number {
  switch (answer.kind) {
    case "frame":
      return answer.frame;
    case "empty":
      return -1;
    case "moved":
      return answer.pages;
    case "done":
      return 0;
  }
}
