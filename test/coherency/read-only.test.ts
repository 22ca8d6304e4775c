/** Pages of a read-only region (paper, 5.2): read from their data source, never written, no message about them. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { explore } from "../../explore/explore.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { RuntimeKernel } from "../../impl/coherency/runtime-kernel.js";
import { SharedMemory } from "../../impl/coherency/runtime-memory.js";
import { agreementChecks } from "../../properties/coherency/agreement.js";
import { messagesSaved } from "../../properties/coherency/messages-saved.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";
import { PAGE_BYTES } from "../../vocabulary/coherency/runtime.js";
import { commandLine } from "./command-line.js";

const { pagetwin } = commandLine();

const rules = { ...PROFILES.lean, readOnly: "local" } as const;

it.each([
  { kernels: 2, states: 4, transitions: 12, depth: 2 },
  { kernels: 5, states: 32, transitions: 240, depth: 5 },
])("have one state for each set of kernels that have read: $kernels kernels", ({ kernels, ...counts }) => {
  const scope = configuration({ kernels, channels: "unordered", exit: "delayed", rules });
  const machine = new ExploredCluster(scope);
  expect(searchCoherency(scope, { progress: true })).toMatchObject({ verdict: "held", exhausted: true, ...counts });
  expect(explore(machine, agreementChecks(machine), { store: "full" })).toMatchObject({ verdict: "held", inStep: 1 });
});

it("are copied from their source once by each kernel, without a message; a store to them is refused", () => {
  const asked: number[] = [];
  const source = (page: number) => {
    asked.push(page);
    return new Uint8Array(PAGE_BYTES).fill(page);
  };
  const sent: number[] = [];
  const kernel = new RuntimeKernel(
    { kernel: 0, kernels: 2, pages: 3, rules: PROFILES.lean, exit: "atomic", readOnly: { first: 1, end: 3, source } },
    { send: (_to, kind) => void sent.push(kind) },
  );
  const memory = new SharedMemory(kernel, { poll: () => {}, wait: () => {} });
  expect([memory.loadInt32(PAGE_BYTES), memory.loadInt32(2 * PAGE_BYTES + 8), memory.loadInt32(PAGE_BYTES)]).toEqual([
    0x01010101, 0x02020202, 0x01010101,
  ]);
  const stores = [PAGE_BYTES, 2 * PAGE_BYTES + 4].map((address) => () => memory.storeInt32(address, 7));
  for (const store of stores) expect(store).toThrow(/^kernel 0: a store to page [12], which is read-only$/);
  expect(memory.loadInt32(PAGE_BYTES)).toBe(0x01010101);
  expect(asked).toEqual([1, 2]);
  expect(sent).toEqual([]);
});

it("save messages, as the other options of 5.2 do, and all together save most", () => {
  const [none, ...options] = messagesSaved({ channels: "unordered", seed: 1 }, 2);
  for (const { total } of options) expect(total).toBeLessThan(none!.total);
  expect(Math.min(...options.map(({ total }) => total))).toBe(options.at(-1)!.total);
  expect(messagesSaved({ channels: "unordered", seed: 1 }, 2)).toEqual([none, ...options]);
});

it("print what they save as a table, and as a document that its schema admits", async () => {
  const table = await pagetwin("figure7", "--savings", "--runs", "1");
  expect(table.code).toBe(0);
  expect(table.out.split("\n").filter((line) => line.endsWith("%"))).toHaveLength(5);
  const { out } = await pagetwin("figure7", "--savings", "--runs", "1", "--json");
  const schema = JSON.parse(readFileSync("docs/schemas/figure7-savings-1.schema.json", "utf8"));
  const validate = new Ajv2020({ strict: true }).compile(schema);
  expect(validate(JSON.parse(out)), JSON.stringify(validate.errors)).toBe(true);
  const figure = await pagetwin("figure7", "--savings", "--profile", "lean");
  expect([figure.code, figure.err]).toEqual([
    2,
    "pagetwin: --profile: expected none with --savings, which is no figure and always lean\n",
  ]);
});

it.each([
  ["--read-only --multicast", "--multicast: expected none with --read-only, where nothing is sent"],
  ["--read-only --without R3", "--without: expected none with --read-only, where nothing is sent"],
])("refuse on the command line what makes no sense: %s", async (flags, message) => {
  const { code, err } = await pagetwin("check", "coherency", ...flags.split(" "));
  expect([code, err]).toEqual([2, `pagetwin: ${message}\n`]);
});
