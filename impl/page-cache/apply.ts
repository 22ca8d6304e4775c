/** The page cache in the words of vocabulary/: checks an operation, does it, and says what came out. */
import type { Answer, Operation } from "../../vocabulary/page-cache/operations.js";
import type { LocklessPageCache } from "./lockless-page-cache.js";

const DONE: Answer = { kind: "done" };
const EMPTY: Answer = { kind: "empty" };
/** What an owner leaves in the last word of a page. */
const MARK = 1;

/** Only a frame that is out can be written to or given back, and written to only if the pages have content here. */
export function enabled(cache: LocklessPageCache, operation: Operation): boolean {
  const { nodes, pageWords } = cache.layout.geometry;
  switch (operation.kind) {
    case "pop":
    case "drain":
      return operation.node >= 0 && operation.node < nodes;
    case "push":
      return cache.isOut(operation.frame);
    case "write":
      return pageWords > 0 && cache.isOut(operation.frame);
    case "populate":
      return operation.target >= 0;
    case "drainAll":
    case "reset":
      return true;
  }
}

/** @throws PagetwinError `ARGUMENT` for a node or frame out of range */
export function apply(cache: LocklessPageCache, operation: Operation): Answer {
  switch (operation.kind) {
    case "pop": {
      const frame = cache.pop(operation.node);
      return frame < 0 ? EMPTY : { kind: "frame", frame, clean: isClean(cache, frame) };
    }
    case "push":
      cache.push(operation.frame);
      return DONE;
    case "write":
      cache.writeWord(operation.frame, cache.layout.geometry.pageWords - 1, MARK);
      return DONE;
    case "drain":
      return { kind: "moved", pages: cache.drain(operation.node) };
    case "drainAll":
      return { kind: "moved", pages: cache.drainAll() };
    case "populate": {
      let pages = 0;
      for (let node = 0; node < cache.layout.geometry.nodes; node++) pages += cache.populate(node, operation.target);
      return { kind: "moved", pages };
    }
    case "reset":
      cache.reset();
      return DONE;
  }
}

function isClean(cache: LocklessPageCache, frame: number): boolean {
  for (let word = 0; word < cache.layout.geometry.pageWords; word++) {
    if (cache.readWord(frame, word) !== 0) return false;
  }
  return cache.linkOf(frame) === 0;
}
