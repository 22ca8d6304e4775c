/** Claims about one operation, from the words before and after it. */
import type { Claim } from "./step-claims.js";
import { cacheSteps } from "./step-invariants-cache.js";
import { leafSteps, mappedPagesDoNotFault } from "./step-invariants-leaves.js";
import { spaceSteps } from "./step-invariants-spaces.js";

export const stepInvariants: readonly Claim[] = [...leafSteps, ...spaceSteps, ...cacheSteps, mappedPagesDoNotFault];
