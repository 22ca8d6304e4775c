/** `pagetwin contiguity effect`: what contiguity-aware paging gains on fragmented memories, over many seeds. */
import { dirname } from "node:path";
import { type Effect, effectsOf, FAULTS, ORDERS, POLICIES } from "../properties/contiguity/effect.js";
import { guarded, type Print } from "./contiguity.js";
import { effectPicture } from "./contiguity-effect-picture.js";
import { writeWhole } from "./contiguity-files.js";
import { requireWritableFolder } from "./files.js";
import { plainTable } from "./text-table.js";

export interface EffectOptions {
  readonly seeds: number;
  /** Of the memories that are tried. */
  readonly nodes: 1 | 2;
  readonly json?: boolean;
  /** Where to write a picture. */
  readonly svg?: string;
}

/** @returns the exit code: 0 printed, 2 bad input */
export async function contiguityEffect(options: EffectOptions, out: Print, err: Print): Promise<number> {
  return guarded(err, () => {
    const { seeds, nodes, json, svg } = options;
    if (svg !== undefined) requireWritableFolder("--svg", dirname(svg));
    const effects = ORDERS.flatMap((order) => effectsOf(order, seeds, nodes));
    if (svg !== undefined) writeWhole(svg, effectPicture(effects));
    out(json ? `${JSON.stringify({ version: 1, seeds, nodes, effects })}\n` : report(effects, seeds, nodes));
    return 0;
  });
}

const MEMORIES = {
  1: "256 MiB of which the kernel keeps every fourth block of 2 or 4 MiB; two processes fault on 32 MiB each, whose turn it is by chance.",
  2: "Two nodes of 128 MiB of which the kernel keeps every fourth block of 2 or 4 MiB; on each a process faults on 32 MiB.",
} as const;

function report(effects: readonly Effect[], seeds: number, nodes: 1 | 2): string {
  const rows = effects.map((effect) => [
    FAULTS[effect.order],
    effect.policy,
    ...[effect.least, effect.median, effect.most].map((count) => count.toLocaleString("en")),
    ...(effect.policy === POLICIES[0]!.name ? ["", ""] : [`${effect.fewer} of ${seeds}`, chanceText(effect.chance)]),
  ]);
  return [
    MEMORIES[nodes],
    "Ranges that hold 99 % of the first one's pages:",
    "",
    plainTable(["faults", "policy", "least", "median", "most", "fewer than first touch", "by chance"], rows),
    ...ORDERS.map((order) => limitText(effects.filter((effect) => effect.order === order))),
    "",
  ].join("\n");
}

/** C3, in the medians. */
function limitText(effects: readonly Effect[]): string {
  const medianOf = (name: string): number => effects.find(({ policy }) => policy === name)!.median;
  const [free, limited] = [medianOf(POLICIES[1]!.name), medianOf(POLICIES[2]!.name)];
  const cost =
    limited === free ? "nothing" : `${limited.toLocaleString("en")} ranges instead of ${free.toLocaleString("en")}`;
  return `The split limit costs processes with ${FAULTS[effects[0]!.order]} faults ${cost}.`;
}

const chanceText = (chance: number): string => (chance < 1e-4 ? chance.toExponential(0) : chance.toFixed(4));
