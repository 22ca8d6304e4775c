/** The commands that answer a question about given data, without any search. */
import type { Command } from "commander";
import { addContiguity } from "./contiguity-command.js";
import type { CostOptions } from "./cost.js";
import type { FigureFlags } from "./figure7.js";
import type { PolicyOptions } from "./policy.js";

export function addCalculators(program: Command): void {
  addWalk(program);
  addCost(program);
  addPolicy(program);
  addContiguity(program);
  addFigure7(program);
}

function addWalk(program: Command): void {
  program
    .command("walk")
    .description("print the leaves of a dumped page table, in the emulator's own format")
    .requiredOption("--tables <file>", "records of page-table pages, may be gzipped")
    .requiredOption("--cr3 <hex>", "physical address of the root")
    .option("--levels <n>", "4 or 5", "4")
    .action(async (options: { readonly tables: string; readonly cr3: string; readonly levels: string }) => {
      const { walk } = await import("./walk.js");
      process.exitCode = await walk(options, (text) => void process.stdout.write(text));
    });
}

function addCost(program: Command): void {
  program
    .command("cost")
    .description("what replication and steering would cost and gain for a trace of accesses")
    .requiredOption("--trace <file>", "accesses and operations, one a line")
    .requiredOption("--latency <file>", "cycles from each node to each node's memory")
    .option("--home <node>", "node of the root table (0)")
    .option("--replicas <nodes>", "all, a list or a mask (all)")
    .option("--steering <vector>", "eight nodes; the best by latency unless given")
    .option("--levels <n>", "levels of the page table, 4 or 5")
    .option("--tlb <slots>", "TLB slots of a CPU")
    .option("--walk-cache <slots>", "paging-structure cache slots of a CPU, per level")
    .option("--memory-levels <n>", "lowest levels whose entries come from memory, not from the data cache")
    .option("--cache-hit <cycles>", "of an entry that comes from the data cache")
    .option("--member-cycles <cycles>", "of finding the next member of a ring")
    .option("--page-copy <cycles>", "of copying a table page")
    .option("--fork-enables <n>", "how often a fork copies the whole tree, 1 or 2")
    .option("--no-pcid", "the machine without replicas has no PCID either")
    .option("--json", "one document on stdout")
    .action(async (options: CostOptions) => {
      const { cost } = await import("./cost.js");
      process.exitCode = await cost(options, process.stdout);
    });
}

function addPolicy(program: Command): void {
  program
    .command("policy")
    .description("when the WASP policy would switch replication on and off")
    .requiredOption("--samples <file>", "loads and page walks by interval, one a line")
    .option("--latency <file>", "cycles from each node to each node's memory: shows the steering as well")
    .option("--rate <n>", "loads a second that must be exceeded")
    .option("--miss-ratio <r>", "walks per load that must be exceeded, 0 to 1")
    .option("--hysteresis <ms>", "how long it must last")
    .option("--json", "one document on stdout")
    .action(async (options: PolicyOptions) => {
      const { policy } = await import("./policy.js");
      process.exitCode = await policy(options, process.stdout);
    });
}

function addFigure7(program: Command): void {
  program
    .command("figure7")
    .description("the Popcorn paper's experiment: messages that keep an array coherent between two kernels")
    .option("--out <file>", "the three panels of the figure, as SVG")
    .option("--threads", "on real threads with private memory; counts vary")
    .option("--savings", "instead: what multicast, owner hint and read-only regions save, on four kernels")
    .option("--seed <n>", "for the messages' delays (1)")
    .option("--runs <n>", "runs of each point, of which the mean is shown (40; on threads 1, with --savings 10)")
    .option("--channels <kind>", "unordered, a queue for each kind of message, or fifo (unordered)")
    .option("--profile <name>", "literal, normative, normative-r7 or lean (normative)")
    .option("--json", "one document on stdout")
    .action(async (flags: FigureFlags) => {
      const { figure7 } = await import("./figure7.js");
      process.exitCode = await figure7(flags, (text) => void process.stdout.write(text));
    });
}
