/**
 * A toy of a tagged stack over the port, for the engine's own tests.
 *
 *   words = [ head ][ link of page 1 ][ link of page 2 ] …        head = tag * 256 + page, page 0 = empty
 */

import type { Port } from "../../../explore/interleave/port.js";
import type { Claim, Operation, Program, View } from "../../../explore/interleave/program.js";
import type { SequentialModel } from "../../../explore/interleave/sequential-model.js";

const HEAD = 0;
const TAG_UNIT = 256;
const pageOf = (head: number): number => head % TAG_UNIT;

export class Stack {
  readonly port: Port;
  readonly tagCount: number;

  constructor(port: Port, tagBits: number) {
    this.port = port;
    this.tagCount = 2 ** tagBits;
  }

  /** The page that was on top, or 0. */
  pop(): number {
    const { port } = this;
    for (;;) {
      const head = port.load("LoadHead", HEAD);
      if (pageOf(head) === 0) return 0;
      const next = port.load("LoadNext", pageOf(head));
      if (port.compareExchange("SwapHead", HEAD, head, this.retagged(head, next)) === head) return pageOf(head);
    }
  }

  push(page: number): void {
    const { port } = this;
    for (;;) {
      const head = port.load("LoadHead", HEAD);
      port.store("StoreNext", page, pageOf(head));
      if (port.compareExchange("SwapHead", HEAD, head, this.retagged(head, page)) === head) return;
    }
  }

  private retagged(head: number, page: number): number {
    return ((Math.floor(head / TAG_UNIT) + 1) % this.tagCount) * TAG_UNIT + page;
  }
}

export interface StackQuestion {
  readonly kind: "pop" | "push";
  readonly page: number;
}

/** Programs in letters: `o` pops a page and keeps it, `u` pushes the page that the thread has kept longest. */
export function stackProgram(letters: readonly string[], pages: number, tagBits: number): Program<StackQuestion> {
  const shared = Int32Array.from({ length: pages + 1 }, (_, page) => (page + 1) % (pages + 1));
  return {
    name: `${letters.join(" / ")}, ${pages} pages, ${tagBits} tag bits`,
    shared,
    threads: (port) => {
      const stack = new Stack(port, tagBits);
      return letters.map((program, thread) => ({
        name: `T${thread}`,
        own: new Array(pages).fill(0),
        operations: [...program].map((letter) => (letter === "o" ? pop(stack) : push(stack))),
      }));
    },
  };
}

function pop(stack: Stack): Operation<StackQuestion> {
  return {
    name: "pop",
    run: (own) => {
      const page = stack.pop();
      if (page !== 0) own[own.indexOf(0)] = page;
      return page;
    },
    asks: () => ({ kind: "pop", page: 0 }),
  };
}

function push(stack: Stack): Operation<StackQuestion> {
  return {
    name: "push",
    run: (own) => {
      if (own[0] === 0) return 0;
      stack.push(own[0]!);
      own.copyWithin(0, 1);
      own[own.length - 1] = 0;
      return 0;
    },
    asks: (own) => ({ kind: "push", page: own[0]! }),
  };
}

/** Every page is owned by one thread or stands once on the list. */
export const everyPageIsSomewhereOnce: Claim = {
  name: "everyPageIsSomewhereOnce",
  violation: (view: View) => {
    const seen = new Array(view.shared.length).fill(0);
    let page = pageOf(view.shared[HEAD]!);
    for (; page !== 0; page = view.shared[page]!) {
      if (seen[page]++ > 0) return `page ${page} is on the list twice`;
    }
    for (let thread = 0; thread < view.threadCount; thread++) {
      for (const owned of view.own(thread)) if (owned !== 0) seen[owned]++;
    }
    for (page = 1; page < seen.length; page++) {
      if (seen[page] !== 1) return `page ${page} is in ${seen[page]} places`;
    }
    return undefined;
  },
};

/** A stack of pages, told as text. */
export function stackModel(pages: number): SequentialModel<readonly number[], StackQuestion> {
  return {
    initial: Array.from({ length: pages }, (_, index) => index + 1),
    step: (state, { kind, page }) => {
      if (kind === "pop") return { state: state.slice(1), result: state[0] ?? 0 };
      return { state: page === 0 ? state : [page, ...state], result: 0 };
    },
    key: (state) => state.join(),
    meaning: (shared) => {
      const pagesFound: number[] = [];
      for (let page = pageOf(shared[HEAD]!); page !== 0; page = shared[page]!) pagesFound.push(page);
      return pagesFound.join();
    },
  };
}
