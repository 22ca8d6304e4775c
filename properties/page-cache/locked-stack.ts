/**
 * The comparison: the same stack behind a lock. Correct, as fast while nobody else is there, and stopped for all when its
 * holder is stopped.
 *
 *   words = [ LOCK | TOP | link of frame 0 | link of frame 1 | … ]        frames as number + 1, 0 = none
 */
import type { Port } from "../../explore/interleave/port.js";
import type { Operation, Program } from "../../explore/interleave/program.js";

const LOCK = 0;
const TOP = 1;
const LINKS = 2;
const NONE = -1;

export class LockedStack {
  private readonly port: Port;

  constructor(port: Port) {
    this.port = port;
  }

  pop(): number {
    this.lock();
    const number = this.port.load("pop.top", TOP);
    if (number !== 0) this.port.store("pop.setTop", TOP, this.port.load("pop.next", LINKS + number - 1));
    this.unlock();
    return number === 0 ? NONE : number - 1;
  }

  push(frame: number): void {
    this.lock();
    this.port.store("push.link", LINKS + frame, this.port.load("push.top", TOP));
    this.port.store("push.setTop", TOP, frame + 1);
    this.unlock();
  }

  private lock(): void {
    while (this.port.compareExchange("lock", LOCK, 0, 1) !== 0);
  }

  private unlock(): void {
    this.port.store("unlock", LOCK, 0);
  }
}

/** The words at first: nobody has the lock, and all frames are on the list, frame 0 on top. */
export function lockedWords(frames: number): Int32Array {
  const links = Array.from({ length: frames }, (_, frame) => (frame + 2) % (frames + 1));
  return Int32Array.from([0, 1, ...links]);
}

/** Letters as for the cache: `o` pops a page and keeps it, `u` pushes the page kept last. */
export function lockedProgram(letters: readonly string[], frames: number): Program {
  return {
    name: `${letters.join(" / ")}, behind a lock`,
    shared: lockedWords(frames),
    threads: (port) => {
      const stack = new LockedStack(port);
      return letters.map((word, thread) => ({
        name: `T${thread + 1}`,
        own: [0],
        operations: [...word].map((letter) => (letter === "o" ? pop(stack) : push(stack))),
      }));
    },
  };
}

function pop(stack: LockedStack): Operation {
  return {
    name: "pop",
    run: (own) => {
      own[0] = stack.pop() + 1;
      return own[0] - 1;
    },
  };
}

function push(stack: LockedStack): Operation {
  return {
    name: "push",
    run: (own) => {
      if (own[0] !== 0) stack.push(own[0]! - 1);
      own[0] = 0;
      return 0;
    },
  };
}
