/** The spaces that are searched whole, with the counts of their reference abstraction (specification, sections 2.2 to 2.5). */
import { type Configuration, configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES, type ProfileName } from "../../vocabulary/coherency/rules.js";

export interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

export interface CoherencyScope {
  /** Such as `normative-3-fifo-atomic`. */
  readonly name: string;
  readonly profile: ProfileName;
  readonly configuration: Configuration;
  /** Raw counts. */
  readonly expected: Counts;
  /** Counts of the states modulo renaming of kernels. */
  readonly expectedSymmetric?: Counts;
  /** Claims that break, with the number of steps to the nearest place. */
  readonly broken: { readonly [claim: string]: number };
  /** `quick`: less than a second. */
  readonly effort: "quick" | "long";
}

type Modes = readonly [fifoAtomic: string, fifoDelayed: string, unorderedAtomic: string, unorderedDelayed: string];

const MODES = [
  { channels: "fifo", exit: "atomic" },
  { channels: "fifo", exit: "delayed" },
  { channels: "unordered", exit: "atomic" },
  { channels: "unordered", exit: "delayed" },
] as const;

export const coherencyScopes: readonly CoherencyScope[] = [
  ...scopesOf("normative", 2, ["150/256/14", "356/634/23", "338/624/16", "602/1124/22"], {
    symmetric: ["79/137/14", "183/328/23", "173/321/16", "306/573/22"],
  }),
  ...scopesOf("normative", 3, ["484594/1474350/51", "696912/2160744/61", "2162876/8832048/56", "2778694/11089464/67"], {
    symmetric: ["80958/246467/51", "116443/361207/61", "360815/1473463/56", "463608/1850267/67"],
  }),
  ...scopesOf("normative-r7", 2, ["150/256/14", "356/634/23", "338/624/16", "602/1124/22"]),
  ...scopesOf("normative-r7", 3, [
    "484594/1474350/51",
    "696432/2158872/61",
    "2162876/8832048/56",
    "2774902/11075016/67",
  ]),
  ...scopesOf("lean", 2, ["150/256/14", "428/760/33", "388/720/20", "706/1324/28"]),
  ...scopesOf("lean", 3, ["919585/2802048/101", "1438146/4476363/121", "4200983/17185164/80", "5442658/21750351/96"]),
  ...scopesOf("literal", 2, ["150/256/14", "442/756/32", "324/570/21", "628/1146/29"], {
    broken: [{}, { P3: 8, P8: 25 }, { P3: 6, P8: 19 }, { P3: 8, P8: 25 }],
  }),
  ...scopesOf("literal", 3, ["433801/1298406/65", "623241/1894746/81", "1472732/5764554/71", "1907269/7315923/86"], {
    broken: [
      { P3: 10, P4: 12, P5: 17, P6: 27, P8: 33 },
      { P3: 12, P4: 14, P5: 20, P6: 32, P8: 39 },
      { P3: 10, P4: 12, P5: 17, P6: 27, P8: 33 },
      { P3: 12, P4: 14, P5: 20, P6: 32, P8: 39 },
    ],
  }),
];

interface Extras {
  readonly symmetric?: Modes;
  readonly broken?: readonly { readonly [claim: string]: number }[];
}

/** One scope a mode; counts are written states/transitions/depth. */
function scopesOf(profile: ProfileName, kernels: number, counts: Modes, extras: Extras = {}): CoherencyScope[] {
  return MODES.map(({ channels, exit }, mode) => ({
    name: `${profile}-${kernels}-${channels}-${exit}`,
    profile,
    configuration: configuration({ kernels, channels, exit, rules: PROFILES[profile] }),
    expected: readCounts(counts[mode]!),
    ...(extras.symmetric === undefined ? {} : { expectedSymmetric: readCounts(extras.symmetric[mode]!) }),
    broken: extras.broken?.[mode] ?? {},
    effort: kernels === 2 ? "quick" : "long",
  }));
}

function readCounts(text: string): Counts {
  const [states, transitions, depth] = text.split("/").map(Number);
  return { states: states!, transitions: transitions!, depth: depth! };
}
