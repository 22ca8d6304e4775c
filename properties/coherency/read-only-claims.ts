/** What must hold of a page in a read-only region: specification, section 8, last paragraph. */
import { pairIn } from "../../impl/coherency/vector-layout.js";
import type { StateClaim } from "./claims.js";

/** Its data source is no kernel, so the channels between kernels stay empty. */
export const readOnlyIsLocal: StateClaim = {
  id: "L1",
  name: "readOnlyPageIsLocal",
  why: "nobody writes such a page, so no kernel needs another one to read it",
  isAbout: ({ readOnly }) => readOnly !== "off",
  witness({ words, configuration: { kernels } }) {
    for (let from = 0; from < kernels; from++)
      for (let to = 0; to < kernels; to++)
        if (from !== to && pairIn(words, kernels, from, to) !== 0) return `a message from K${from} to K${to}`;
    return undefined;
  },
};
