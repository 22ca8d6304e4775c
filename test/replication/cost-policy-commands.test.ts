import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { type CostOptions, cost } from "../../cli/cost.js";
import { type PolicyOptions, policy } from "../../cli/policy.js";

const SAMPLES = "examples/samples-gups.txt";
const LATENCY = "examples/latency-4-socket.txt";
const TRACE = "examples/trace-small.txt";
/** Says nothing at all. */
const NOTHING = "/dev/null";

async function printed<T>(
  command: (options: T, out: { write(text: string): unknown }) => Promise<number>,
  options: T,
): Promise<string> {
  const said: string[] = [];
  expect(await command(options, { write: (text) => said.push(text) })).toBe(0);
  return said.join("");
}
/** The document that was printed, which must be of the published form. */
function published(name: "policy" | "cost", text: string) {
  const document = JSON.parse(text);
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
    JSON.parse(readFileSync(`docs/schemas/${name}-1.schema.json`, "utf8")),
  );
  validate(document);
  expect(validate.errors).toBeNull();
  return document;
}

const policySays = (some: Partial<PolicyOptions> = {}): Promise<string> =>
  printed(policy, { samples: SAMPLES, ...some });
const costSays = (some: Partial<CostOptions> = {}): Promise<string> =>
  printed(cost, { trace: TRACE, latency: LATENCY, ...some });

it("is quoted as it prints in the document", async () => {
  const document = await readFile("docs/policy-and-cost.md", "utf8");
  expect(document).toContain(await policySays({ latency: LATENCY }));
  expect(document).toContain(await costSays());
});

describe("pagetwin policy", () => {
  it("prints the transitions of the example", async () => {
    expect(await policySays({ latency: LATENCY })).toMatchInlineSnapshot(`
      "10 samples, 2 transitions
      time (ms)  replication
      2000       on
      8000       off
      steering 0 1 1 3 -1 -1 -1 -1
      "
    `);
  });

  it("prints one document with --json", async () => {
    expect(published("policy", await policySays({ json: true, hysteresis: "0" }))).toEqual({
      version: 1,
      file: SAMPLES,
      settings: { loadsPerSecond: 10_000_000, walksPerTenThousand: 100, hysteresis: 0 },
      samples: 10,
      transitions: [
        { kind: "on", time: 1000 },
        { kind: "off", time: 4000 },
        { kind: "on", time: 5000 },
        { kind: "off", time: 7000 },
      ],
    });
  });

  it("adds the steering where latencies are given", async () => {
    const { steering } = published("policy", await policySays({ json: true, latency: LATENCY }));
    expect(steering).toEqual([0, 1, 1, 3, -1, -1, -1, -1]);
  });

  it("says so when nothing is switched", async () => {
    expect(await policySays({ missRatio: "0.5" })).toBe("10 samples, 0 transitions\nreplication stays off\n");
  });

  it.each([
    [{ samples: "absent.txt" }, "absent.txt: cannot be read (ENOENT), expected a text file"],
    [{ samples: LATENCY }, `${LATENCY}:7: time is 580, expected a time after 600`],
    [{ samples: NOTHING }, `${NOTHING}: no samples, expected lines of TIME INTERVAL LOADS WALKS`],
    [{ latency: NOTHING }, `${NOTHING}: 0 rows, expected one per node (at least 1)`],
    [{ rate: "-1" }, '--rate is "-1": expected an integer from 0 to 1000000000'],
    [{ missRatio: "1.5" }, '--miss-ratio is "1.5": expected 0 to 1 with up to four digits after the point'],
    [{ missRatio: "0.00001" }, '--miss-ratio is "0.00001"'],
  ])("refuses %j", async (options, message) => {
    await expect(policySays(options)).rejects.toThrow(message);
  });
});

describe("pagetwin cost", () => {
  it("prints the table of the example", async () => {
    expect(await costSays()).toMatchInlineSnapshot(`
      "                   unreplicated  replicated  steered
      accesses                    400         400      400
      walks                       397         397      397
      remote leaf loads           297           0       99
      walk cycles              204160      174460   142780
      entry stores               2062        8248     8248
      entry atomics                12          48       48
      ring write cycles             0      255102   255102
      CR3 flushes                   0           1        1
      fork cycles                   0       18204    18204
      table KiB                    28         112      112
      walk cycles saved                     29700    61380
      net cycles saved                    -243606  -211926
      memory factor                         1.010    1.010
      enable cycles                         18204    18204
      break-even runs                       never    never
      steering 0 1 1 3 -1 -1 -1 -1
      "
    `);
  });

  it("prints one document with --json", async () => {
    const document = published("cost", await costSays({ json: true, replicas: "0x3", steering: "1" }));
    expect(document).toMatchObject({ version: 1, file: { trace: TRACE, latency: LATENCY }, machine: { levels: 4 } });
    expect(
      document.configurations.map(({ name, configuration }: { name: string; configuration: object }) => ({
        name,
        ...configuration,
      })),
    ).toMatchObject([
      { name: "unreplicated", set: [], flushOnSwitch: false },
      { name: "replicated", set: [0, 1], flushOnSwitch: true },
      { name: "steered", set: [0, 1], steering: [1, -1, -1, -1, -1, -1, -1, -1] },
    ]);
  });

  it("lets the machine be described", async () => {
    const said = published(
      "cost",
      await costSays({ json: true, home: "1", tlb: "0", cacheHit: "7", levels: "5", pcid: false }),
    );
    expect(said.machine).toMatchObject({ tlbSlots: 0, cacheHitCycles: 7, levels: 5 });
    expect(said.configurations[0]).toMatchObject({
      configuration: { home: 1, flushOnSwitch: true },
      report: { flushes: 1 },
    });
  });

  it.each([
    [{ home: "4" }, '--home is "4": expected an integer from 0 to 3'],
    [{ replicas: "0" }, "expected at least two nodes"],
    [
      { replicas: "0,4" },
      '--replicas is "0,4": expected all, a list such as 0,1 or a mask such as 0x3 of nodes 0 to 3',
    ],
    [{ replicas: "0x13" }, '--replicas is "0x13"'],
    [{ steering: "left" }, '--steering is "left": expected 1 to 8 nodes such as 1,-1,0'],
    [{ steering: "5" }, "--steering: steering entry 5: expected -1 to 3"],
    [{ replicas: "0,1", steering: "2" }, "--steering names node 2: expected a node with a replica (0,1)"],
    [{ memoryLevels: "5" }, '--memory-levels is "5": expected an integer from 1 to 4'],
    [{ levels: "3" }, '--levels is "3": expected an integer from 4 to 5'],
    [{ trace: NOTHING }, `${NOTHING}: no records, expected lines such as read NODE PAGE`],
    [{ latency: NOTHING }, `${NOTHING}: 0 rows, expected one per node (at least 1)`],
    [{ trace: LATENCY }, `${LATENCY}:4: "280", expected read, write, map, protect, unmap, switch, fork`],
  ])("refuses %j", async (options, message) => {
    await expect(costSays(options)).rejects.toThrow(message);
  });
});
