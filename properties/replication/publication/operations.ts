/** The operations that the threads of programs are made of: calls of production functions, each by the CPU that it runs on. */

import type { Port } from "../../../explore/interleave/port.js";
import type { Operation } from "../../../explore/interleave/program.js";
import { disable } from "../../../impl/replication/disable.js";
import { enable } from "../../../impl/replication/enable.js";
import { age, LeafReading } from "../../../impl/replication/entry-operations.js";
import { Kernel } from "../../../impl/replication/kernel.js";
import { moveFinish, moveStart } from "../../../impl/replication/moving.js";
import { perform } from "../../../impl/replication/perform.js";
import { setSteering } from "../../../impl/replication/prctl.js";
import { reclaim } from "../../../impl/replication/reclaim.js";
import type { Rules } from "../../../impl/replication/rules.js";
import { switchTo } from "../../../impl/replication/switch.js";
import { accessOnce, touch } from "../../../impl/replication/touch.js";
import { READ, WRITE } from "../../../vocabulary/page-table/access.js";
import type { Operation as Asked } from "../../../vocabulary/replication/operations.js";
import { describe } from "../words.js";
import { PID } from "./claims.js";
import { GHOST, type PublicationMachine } from "./machine.js";
import { answerOf } from "./reference.js";
import { WatchedPort } from "./watched-port.js";

/** The space of the process. */
const SLOT = 0;

/** What a thread has for itself: the implementation, built for its port. Only scratch of one operation is in it. */
export class Cpu {
  readonly number: number;
  readonly kernel: Kernel;
  private readonly port: WatchedPort;
  private readonly reading = new LeafReading();

  constructor(port: Port, machine: PublicationMachine, rules: Rules, number: number) {
    this.number = number;
    this.port = new WatchedPort(port, machine, number);
    this.kernel = new Kernel(this.port, machine.layout, rules);
  }

  enable(nodes: readonly number[]): Operation {
    const mask = nodes.reduce((bits, node) => bits | (1 << node), 0);
    return this.operation(`enable {${nodes}}`, () => enable(this.kernel, SLOT, mask, PID));
  }

  disable(): Operation {
    return this.operation("disable", () => {
      disable(this.kernel, SLOT);
      this.port.note(GHOST.DISABLED, 1);
      return 0;
    });
  }

  switchTo(pid: number): Operation {
    return this.operation(pid === 0 ? "go idle" : `switch to ${pid}`, () => {
      switchTo(this.kernel, this.number, pid);
      return 0;
    });
  }

  /** One access of the hardware; a fault stays one. */
  walk(page: number, kind: "read" | "write"): Operation {
    const access = kind === "read" ? READ : WRITE;
    return this.operation(`${kind} page ${page}`, () => accessOnce(this.kernel, this.number, page, access));
  }

  /** The same with the kernel's help. */
  touch(page: number, kind: "read" | "write"): Operation {
    const access = kind === "read" ? READ : WRITE;
    return this.operation(`touch page ${page}, ${kind}`, () => touch(this.kernel, this.number, page, access));
  }

  age(page: number): Operation {
    return this.operation(`age page ${page}`, () => age(this.kernel, this.number, page));
  }

  /** A page's leaf goes, from the frame's side: the table's lock alone is held. */
  reclaim(page: number): Operation {
    return this.operation(`reclaim page ${page}`, () => reclaim(this.kernel, this.number, SLOT, page));
  }

  /** Data begins to move to a node, and arrives: a leaf is cleared and set again with another frame, the table's lock alone held. */
  moveStart(page: number, node: number): Operation {
    const asked = { kind: "moveStart", cpu: this.number, page, node } as const;
    return {
      ...this.operation(describe(asked), () => moveStart(this.kernel, this.number, page, node)),
      asks: () => asked,
    };
  }

  moveFinish(page: number): Operation {
    const asked = { kind: "moveFinish", cpu: this.number, page } as const;
    return { ...this.operation(describe(asked), () => moveFinish(this.kernel, this.number, page)), asks: () => asked };
  }

  steer(vector: readonly number[]): Operation {
    return this.operation(`steer [${vector}]`, () => setSteering(this.kernel, this.number, vector, 0));
  }

  /** An operation of the vocabulary, through the door for all of them; the reference can be asked the same. */
  perform(asked: Asked): Operation {
    return {
      ...this.operation(describe(asked), () => answerOf(perform(this.kernel, asked, this.reading))),
      asks: () => asked,
    };
  }

  operation(name: string, run: () => number): Operation {
    return {
      name,
      run: () => {
        this.port.begin();
        this.kernel.begin(this.number);
        const answer = run();
        this.port.note(GHOST.WALKING + this.number, 0);
        return answer;
      },
    };
  }
}
