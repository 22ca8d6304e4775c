/** prctl 100 to 105 and the kernel's own calls: the order of checks and every error code, on both twins. */
import { describe, it } from "vitest";
import type { Geometry } from "../../vocabulary/geometry.js";
import type { Operation, UserVector } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import { type Asked, errno, ok, told } from "./both-twins.js";

/** Four nodes with a CPU each, node 3 offline; process 2 is at home on node 0 and runs there, 3 on node 2. */
const FOUR: Partial<Geometry> = { nodes: 4, onlineNodes: [0, 1, 2] };
const ALONE: Partial<Geometry> = { nodes: 2, onlineNodes: [0] };
const NOBODY = 9;

const AUTO = [-1, -1, -1, -1, -1, -1, -1, -1];
const vector = (...entries: number[]): UserVector => [...entries, ...AUTO].slice(0, 8);
const toldVector = (...entries: number[]): Outcome => ({
  kind: "steering",
  vector: vector(...entries) as readonly number[],
});

const prctl = {
  set: (mask: number, pid = 0, cpu = 0): Operation => ({ kind: "setReplication", cpu, mask, pid }),
  get: (cpu = 0): Operation => ({ kind: "getReplication", cpu }),
  setCacheOnly: (value: number, pid = 0): Operation => ({ kind: "setCacheOnly", cpu: 0, value, pid }),
  getCacheOnly: (pid = 0): Operation => ({ kind: "getCacheOnly", cpu: 0, pid }),
  steer: (to: UserVector, pid = 0): Operation => ({ kind: "setSteering", cpu: 0, vector: to, pid }),
  steering: (how: "ok" | "null" | "fault" = "ok", pid = 0): Operation => ({
    kind: "getSteering",
    cpu: 0,
    vector: how,
    pid,
  }),
};
const spawn = (cpu: number, pid: number): Operation => ({ kind: "spawn", cpu, pid, comm: "p", cmdline: "/p" });
const go = (cpu: number, pid: number): Operation => ({ kind: "switch", cpu, pid });
const born: readonly Asked[] = [[spawn(0, 2)], [go(0, 2)]];
const both: readonly Asked[] = [...born, [spawn(2, 3)], [go(2, 3)]];
/** The same with process 1 on CPU 1. */
const withInit: readonly Asked[] = [...both, [spawn(1, 1)], [go(1, 1)]];

describe("prctl 100, replication (2.2, W43)", () => {
  it("looks the target up first", () => {
    told(FOUR, ...born, [prctl.set(1, NOBODY), errno("ESRCH")], [prctl.set(0, NOBODY), errno("ESRCH")]);
    told(ALONE, ...born, [prctl.set(1, NOBODY), errno("ESRCH")], [prctl.set(2, 3), errno("ESRCH")]);
  });

  it("refuses process 1 on itself, even to switch off, and nobody else on it nor it on others", () => {
    told(
      FOUR,
      ...withInit,
      ...[0, 1, 3, 256].flatMap((mask): Asked[] => [
        [prctl.set(mask, 0, 1), errno("EINVAL")],
        [prctl.set(mask, 1, 1), errno("EINVAL")],
      ]),
      [prctl.set(1, 1, 0), ok()],
      [prctl.get(1), ok(7)],
      [prctl.set(0, 1, 0), ok()],
      [prctl.set(3, 2, 1), ok()],
      [prctl.get(0), ok(3)],
    );
  });

  it("switches off before it counts nodes, and on only with two of them online", () => {
    told(ALONE, ...born, [prctl.set(0), ok()], [prctl.set(1), errno("EINVAL")], [prctl.set(3), errno("EINVAL")]);
  });

  it.each([
    ["1 is all that are online", 1, ok(), 7],
    ["bits", 0b110, ok(), 7],
    ["bits beyond the eighth are ignored", 0x103, ok(), 3],
    ["and far beyond", 2 ** 40 + 0b101, ok(), 5],
    ["one ignored bit and node 0 are one node, not all", 0x101, errno("EINVAL"), 0],
    ["nothing but ignored bits", 0x100, errno("EINVAL"), 0],
    ["one node, though home would be the second", 0b10, errno("EINVAL"), 0],
    ["a node that is offline", 0b1011, errno("EINVAL"), 0],
    ["a node that does not exist", 0b1000_0011, errno("EINVAL"), 0],
  ] as const)("decodes its mask: %s", (_, mask, answer, set) => {
    told(FOUR, ...born, [prctl.set(mask), answer], [prctl.get(), ok(set)]);
  });

  it("compares with the stored set, home in it, after it has judged the mask", () => {
    told(
      FOUR,
      ...born,
      [prctl.set(0b110), ok()],
      [prctl.set(0b110), errno("EALREADY")],
      [prctl.set(0b111), ok()],
      [prctl.set(1), ok()],
      [prctl.set(0b11), errno("EALREADY")],
      [prctl.set(0b10), errno("EINVAL")],
      [prctl.set(0b1011), errno("EINVAL")],
      [prctl.set(0), ok()],
      [prctl.set(0), ok()],
      [prctl.get(), ok(0)],
    );
  });

  it("refuses to begin under page-table isolation, and has nothing to end there (W17)", () => {
    told(
      { ...FOUR, isolation: true },
      ...born,
      [prctl.set(1, NOBODY), errno("ESRCH")],
      [prctl.set(1), errno("EINVAL")],
      [prctl.set(0b11), errno("EINVAL")],
      [{ kind: "enable", cpu: 0, pid: 2, nodes: [0, 1] }, errno("EINVAL")],
      [{ kind: "enableExternal", cpu: 0, pid: 2, nodes: [0, 1] }, errno("EINVAL")],
      [prctl.set(0), ok()],
      [prctl.setCacheOnly(1), ok()],
      [{ kind: "writeProc", cpu: 0, file: "mode", text: "1" }, ok()],
      [{ kind: "fork", cpu: 0, pid: 4 }, ok(4)],
      [{ kind: "switch", cpu: 1, pid: 4 }, ok()],
      [prctl.get(1), ok(0)],
    );
  });

  it("works on a process that runs nowhere, and on one of another node", () => {
    told(
      FOUR,
      ...both,
      [go(2, 0)],
      [prctl.set(0b11, 3), ok()],
      [go(2, 3)],
      [prctl.get(2), ok(7)],
      [prctl.get(), ok(0)],
    );
  });
});

describe("prctl 102 and 103, cache only (section 3)", () => {
  it("looks the target up, then judges the value, then the state", () => {
    told(
      FOUR,
      ...both,
      [prctl.setCacheOnly(2, NOBODY), errno("ESRCH")],
      [prctl.getCacheOnly(NOBODY), errno("ESRCH")],
      [prctl.setCacheOnly(2), errno("EINVAL")],
      [prctl.setCacheOnly(-1), errno("EINVAL")],
      [prctl.setCacheOnly(1), ok()],
      [prctl.setCacheOnly(1), ok()],
      [prctl.getCacheOnly(), ok(1)],
      [prctl.getCacheOnly(3), ok(0)],
      [prctl.set(1), ok()],
      [prctl.getCacheOnly(), ok(1)],
      [prctl.setCacheOnly(2), errno("EINVAL")],
      [prctl.setCacheOnly(1), errno("EBUSY")],
      [prctl.setCacheOnly(0), ok()],
      [prctl.setCacheOnly(1), errno("EBUSY")],
      [prctl.getCacheOnly(), ok(0)],
    );
  });
});

describe("prctl 104 and 105, steering (2.14, W16)", () => {
  it("looks at the pointer, the entries, the target, the state and the set, in this order", () => {
    told(
      FOUR,
      ...born,
      [prctl.steer("null", NOBODY), errno("EINVAL")],
      [prctl.steer("fault", NOBODY), errno("EFAULT")],
      [prctl.steer(vector(8), NOBODY), errno("EINVAL")],
      [prctl.steer(vector(-2), NOBODY), errno("EINVAL")],
      [prctl.steer(vector(0.5), NOBODY), errno("EINVAL")],
      [prctl.steer(vector(1), NOBODY), errno("ESRCH")],
      [prctl.steer(vector()), errno("EINVAL")],
      [prctl.set(0b11), ok()],
      [prctl.steer(vector(1, 0)), ok()],
      [prctl.steer(vector(0, 2)), errno("EINVAL")],
      [prctl.steer(vector(0, 3)), errno("EINVAL")],
      [prctl.steer(vector(0, 7)), errno("EINVAL")],
      [prctl.steering(), toldVector(1, 0)],
      [prctl.steer(vector(-1, -1, 1, 1, 1, 1, 1, 1)), ok()],
      [prctl.steering(), toldVector(-1, -1, 1, 1, 1, 1, 1, 1)],
    );
  });

  it("is read in the order pointer, target, copy", () => {
    told(
      FOUR,
      ...born,
      [prctl.steering("null", NOBODY), errno("EINVAL")],
      [prctl.steering("fault", NOBODY), errno("ESRCH")],
      [prctl.steering("fault"), errno("EFAULT")],
      [prctl.steering(), toldVector()],
    );
  });

  it("outlives disable and a refused enable; a new session, a child and a new image begin automatic", () => {
    told(
      FOUR,
      ...born,
      [prctl.set(0b11), ok()],
      [prctl.steer(vector(1)), ok()],
      [prctl.set(1), errno("EALREADY")],
      [prctl.steering(), toldVector(1)],
      [{ kind: "fork", cpu: 0, pid: 4 }, ok(4)],
      [prctl.steering("ok", 4), toldVector()],
      [prctl.steering(), toldVector(1)],
      [prctl.set(0), ok()],
      [prctl.steering(), toldVector(1)],
      [prctl.set(0b10), errno("EINVAL")],
      [prctl.steering(), toldVector(1)],
      [prctl.set(0b11), ok()],
      [prctl.steering(), toldVector()],
      [prctl.steer(vector(1)), ok()],
      [{ kind: "exec", cpu: 0, comm: "new", cmdline: "new", fails: true }, errno("EINVAL")],
      [prctl.steering(), toldVector(1)],
      [{ kind: "exec", cpu: 0, comm: "new", cmdline: "new", fails: false }, ok()],
      [prctl.get(), ok(3)],
      [prctl.steering(), toldVector()],
    );
  });
});

describe("the kernel's own interface (2.1, 2.3, 2.4)", () => {
  const enable = (pid: number | null, ...nodes: number[]): Operation => ({ kind: "enable", cpu: 0, pid, nodes });
  const external = (pid: number, ...nodes: number[]): Operation => ({ kind: "enableExternal", cpu: 0, pid, nodes });
  const initialise = (pid: number | null): Operation => ({ kind: "initialise", cpu: 0, pid });
  const disable = (pid: number | null): Operation => ({ kind: "disable", cpu: 0, pid });

  it("knows the null address space and the kernel's own", () => {
    told(
      FOUR,
      ...born,
      [initialise(null), errno("EINVAL")],
      [initialise(0), ok()],
      [initialise(2), ok()],
      [enable(null, 0, 1), errno("EINVAL")],
      [enable(0, 0, 1), errno("EINVAL")],
      [external(0, 0, 1), errno("EINVAL")],
      [external(NOBODY, 0, 1), errno("ESRCH")],
      [external(NOBODY), errno("ESRCH")],
      [disable(null), ok()],
      [disable(0), ok()],
      [enable(2), errno("EINVAL")],
      [enable(2, 1), errno("EINVAL")],
      [enable(2, 0, 3), errno("EINVAL")],
      [enable(2, 0, 64), errno("EINVAL")],
      [enable(2, 1, 2), ok()],
      [initialise(2), errno("EALREADY")],
      [enable(2, 1, 2), errno("EALREADY")],
      [enable(2, 0, 1, 2), ok()],
      [external(2, 0, 1, 2), ok()],
      [external(2, 0, 1), errno("EALREADY")],
      [external(2, 0, 3), errno("EINVAL")],
      [disable(2), ok()],
      [disable(2), ok()],
    );
  });
});

describe("arguments that no operation has (D1)", () => {
  const asAny = (operation: object): Operation => operation as Operation;
  const map = { kind: "map", cpu: 0, page: 0, pages: 1, rights: "rw-", sharing: "both", leaf: 1, populate: false };

  it.each<[string, Operation]>([
    ["a kind that is none", asAny({ kind: "toString", cpu: 0 })],
    ["a pid below 0", prctl.set(1, -1)],
    ["the kernel's own pid for a new process", { kind: "spawn", cpu: 0, pid: 0, comm: "a", cmdline: "a" }],
    ["the kernel's own pid for a clone", { kind: "clone", cpu: 0, pid: 0, group: "own" }],
    ["the kernel's own pid for a child", { kind: "fork", cpu: 0, pid: 0 }],
    ["a mask that is no integer", prctl.set(1.5)],
    ["a vector too short", prctl.steer([1, 1])],
    ["a pointer that is none", asAny({ kind: "getSteering", cpu: 0, vector: "void", pid: 0 })],
    ["no pid at all", asAny({ kind: "initialise", cpu: 0 })],
    ["nodes in disorder", { kind: "enableExternal", cpu: 0, pid: 2, nodes: [1, 0] }],
    ["a CPU of a node that is offline", prctl.get(3)],
    ["a file that is none", asAny({ kind: "readProc", file: "verify" })],
    ["a sharing that is none", asAny(map)],
    ["a group that is none", asAny({ kind: "clone", cpu: 0, pid: 4, group: "new" })],
    ["a process without a name", asAny({ kind: "spawn", cpu: 0, pid: 4, cmdline: "a" })],
    ["a command line that is no text", asAny({ kind: "exec", cpu: 0, comm: "a", cmdline: [], fails: false })],
    ["no nodes at all", asAny({ kind: "enable", cpu: 0, pid: 0 })],
    ["a node that is no list", asAny({ kind: "enableExternal", cpu: 0, pid: 2, nodes: "01" })],
    ["a vector that is no list", asAny({ kind: "setSteering", cpu: 0, vector: null, pid: 0 })],
    ["a number that is no text", asAny({ kind: "writeProc", cpu: 0, file: "mode", text: 1 })],
  ])("%s is ARGUMENT, on a CPU that is idle as well", (_, operation) => {
    told(FOUR, [operation, "ARGUMENT"], ...born, [operation, "ARGUMENT"]);
  });

  it("what an idle CPU asks for is NOT_ENABLED", () => {
    told(FOUR, [prctl.get(), "NOT_ENABLED"], [{ kind: "exit", cpu: 0 }, "NOT_ENABLED"], [go(0, 2), "NOT_ENABLED"]);
  });
});
