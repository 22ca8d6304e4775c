/** `pagetwin check coherency --fairness`: P10, and the run on which a writer loses for ever. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { commandLine } from "./command-line.js";

const { pagetwin, check } = commandLine();
const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
  JSON.parse(readFileSync("docs/schemas/check-1.schema.json", "utf8")),
);

async function starvation(flags: string) {
  const { code, out } = await check(`${flags} --fairness`);
  const document = JSON.parse(out);
  validate(document);
  expect(validate.errors).toBeNull();
  const [result] = document.results;
  expect(code).toBe(0);
  expect(result.invariants).toContain("P10");
  const { rows, lasso } = result.starvation;
  const states = rows.map(({ victimStates }: { victimStates: readonly string[] }) => victimStates.join(" "));
  return { states, lasso };
}

describe("a writer that has drawn its stamp", () => {
  it.each(["free", "monotone", "bounded 2", "bounded 3"])("can lose for ever to older stamps: %s", async (stamps) => {
    const { states, lasso } = await starvation(`--stamps ${stamps}`);
    expect(states.slice(3)).toEqual(["WPend1 WRead", ""]);
    expect(lasso.cycle.length).toBeGreaterThan(0);
    for (const line of lasso.cycle) expect(line).toMatch(/: (WPend1|WRead)\*[12] /);
  });

  it("cannot when the newest stamp is the youngest", async () => {
    const { states, lasso } = await starvation("--stamps perfect --channels unordered --exit delayed");
    expect(states).toEqual([
      "InvRead1 InvRead2",
      "Shared Invalid InvRead1 InvRead2",
      "Shared Invalid InvRead1 InvRead2",
      "",
      "",
    ]);
    expect(lasso).toBeNull();
  });

  it("is told as a run that goes round", async () => {
    const { out } = await pagetwin("check", "coherency", "--fairness", "--quiet");
    expect(out).toContain("P10 stampedWritersWin holds: a writer that has drawn its stamp");
    expect(out).toContain("a fair run on which kernel 0 has drawn its stamp and loses for ever");
    // Who draws the older stamp is seen.
    expect(out).toMatch(/and again and again\n +8\. K1 write: WPend1\*2 WPend1\*1\n/);
  });
});

it("is not judged where the space is not whole, and says so", async () => {
  const { code, out } = await check("--kernels 3 --states 1000 --fairness");
  expect(code).toBe(3);
  const [{ invariants, notes }] = JSON.parse(out).results;
  expect(invariants).not.toContain("P10");
  expect(notes[0]).toMatch(/^fairness is not judged/);
});

it("asks for each kernel", async () => {
  const { code, err } = await check("--fairness --symmetry on");
  expect(code).toBe(2);
  expect(err).toBe('pagetwin: --symmetry is "on": expected off with --fairness, which asks for each kernel\n');
});

describe("each kind of access that can starve is told as a run", () => {
  const lassosOf = async (flags: string) => {
    const { out } = await check(`${flags} --fairness`);
    return JSON.parse(out).results[0].starvation.rows.map(({ lasso }: { lasso: object | null }) => lasso);
  };

  it("a reader, a writer in its forced read, and one that has its stamp", async () => {
    const [read, anyWrite, write, stamped, violation] = await lassosOf("--channels unordered");
    for (const line of read.cycle) expect(line).toMatch(/: InvRead[12]\* /);
    expect(anyWrite).toBeNull();
    for (const line of write.cycle) expect(line).toMatch(/: (Shared|Invalid|InvRead[12])\* /);
    for (const line of stamped.cycle) expect(line).toMatch(/: (WPend[12]|WRead)\*[12] /);
    expect(violation).toBeNull();
  });

  it("none where none can", async () => {
    expect(await lassosOf("--channels fifo")).toEqual([null, null, expect.anything(), expect.anything(), null]);
  });

  it("is told", async () => {
    const { out } = await pagetwin("check", "coherency", "--channels", "unordered", "--fairness", "--quiet");
    expect(out).toContain("a fair run on which kernel 0 waits for ever with a read\n");
    expect(out).toContain(
      "a fair run on which kernel 0 waits for ever with a write, though nobody draws an older stamp\n",
    );
  });
});
