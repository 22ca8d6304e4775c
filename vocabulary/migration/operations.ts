/** One step of the threads, of the kernels that take them in, or of a page's coherency protocol, and what it answers. */
import type { Outcome, Operation as ProtocolStep } from "../coherency/operations.js";

export type Operation =
  /** The next step of a thread's program; `kernel` and `from` say where the thread is. */
  | { readonly kind: "migrate"; readonly thread: number; readonly from: number; readonly to: number }
  | { readonly kind: "read"; readonly thread: number; readonly kernel: number; readonly page: number }
  | {
      readonly kind: "write";
      readonly thread: number;
      readonly kernel: number;
      readonly page: number;
      readonly draw: number;
    }
  | { readonly kind: "spawn"; readonly thread: number; readonly kernel: number; readonly child: number }
  | { readonly kind: "exit"; readonly thread: number; readonly kernel: number }
  /** The thread's context reaches the kernel, which looks for a process of the thread's group. */
  | { readonly kind: "arrive"; readonly thread: number; readonly kernel: number }
  /** The process that is made for the thread is complete, and the thread runs in it. */
  | { readonly kind: "create"; readonly thread: number; readonly kernel: number }
  /** A member takes its SIGFORK: its clone becomes the thread. */
  | { readonly kind: "fork"; readonly thread: number; readonly kernel: number; readonly member: number }
  /** The process has no member that could take a SIGFORK: it takes the thread in by itself. */
  | { readonly kind: "adopt"; readonly thread: number; readonly kernel: number }
  /** The kernel hears that all threads of the group have exited, and removes its process. */
  | { readonly kind: "reap"; readonly group: number; readonly kernel: number }
  /** A page's copies: a message arrives, or a pending access is taken up again. */
  | { readonly kind: "protocol"; readonly group: number; readonly page: number; readonly step: ProtocolStep };
/* `draw`: the place of a write's time stamp, as in the coherency protocol; 0 where none is drawn. */

export type Answer =
  | { readonly kind: "done" }
  /** migrate: the thread is on that kernel already. */
  | { readonly kind: "stays" }
  /** migrate: its context is sent; whether replication of the group's pages begins with it. */
  | { readonly kind: "departs"; readonly replicationBegins: boolean }
  /** arrive: a process was there, standing or under construction, and a SIGFORK is sent; or one is being made. */
  | { readonly kind: "arrives"; readonly process: "found" | "made" }
  /** An access that the copy does not permit, or a step of the protocol; `finished`: the thread whose access is done. */
  | { readonly kind: "protocol"; readonly outcome: Outcome; readonly finished: number | null };
