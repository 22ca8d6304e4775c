import { expect, it } from "vitest";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { ANSWER_SHIFT, COPY_FRESH, DATA_SHIFT } from "../../impl/coherency/vector-layout.js";
import { noDeadlock, stateClaims } from "../../properties/coherency/claims.js";
import { QUICKLY_JUDGED, quickLook } from "../../properties/coherency/quick-look.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";

const KERNELS = 3;
const words = COPY_STATES.flatMap((_, state) => [0, 1, 2].map((data) => state | (data << DATA_SHIFT)));

it("a quick look suspects exactly the states that break P1 to P4", () => {
  const machine = new ExploredCluster(configuration({ kernels: KERNELS }));
  const suspect = quickLook(machine);
  const claims = stateClaims.filter((claim) => QUICKLY_JUDGED.includes(claim) && claim !== noDeadlock);
  expect(claims.map(({ id }) => id)).toEqual(["P1", "P2", "P3", "P4"]);
  machine.words[KERNELS] = COPY_FRESH << ANSWER_SHIFT;
  let suspected = 0;
  for (const first of words) {
    for (const second of words) {
      for (const third of words) {
        machine.words[0] = first;
        machine.words[1] = second;
        machine.words[2] = third;
        const isBroken = claims.some((claim) => claim.witness(machine) !== undefined);
        if (isBroken !== suspect()) expect([first, second, third]).toBe("judged alike");
        if (isBroken) suspected++;
      }
    }
  }
  expect(suspected).toBeGreaterThan(10_000);
  expect(suspected).toBeLessThan(words.length ** KERNELS - 10_000);
});

it("a quick look suspects a state without messages, which may be a deadlock", () => {
  const machine = new ExploredCluster(configuration({ kernels: KERNELS }));
  const suspect = quickLook(machine);
  machine.initialise();
  expect(suspect()).toBe(true);
  machine.words[KERNELS] = COPY_FRESH << ANSWER_SHIFT;
  expect(suspect()).toBe(false);
});
