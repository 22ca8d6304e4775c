/** What each worker of a stress run executes: waits until all are ready, and calls the system's code. */
import { parentPort, workerData } from "node:worker_threads";
import { CONTROL, type StressContext, type StressedThread, type StressMessage, type StressTask } from "./stress.js";

const { module, control, ...given }: StressTask = workerData;
const { stressed }: { readonly stressed: StressedThread } = await import(module);

const context: StressContext = {
  ...given,
  isStopped: () => Atomics.load(control, CONTROL.STOP) !== 0,
  stop: () => {
    Atomics.store(control, CONTROL.STOP, 1);
  },
};

const say = (message: StressMessage): void => parentPort!.postMessage(message);

const isLast = Atomics.add(control, CONTROL.READY, 1) === context.threads - 1;
if (isLast) say({ kind: "begun" });
Atomics.notify(control, CONTROL.READY);
for (;;) {
  const ready = Atomics.load(control, CONTROL.READY);
  if (ready === context.threads) break;
  Atomics.wait(control, CONTROL.READY, ready);
}
say({ kind: "done", answer: stressed(context) });
