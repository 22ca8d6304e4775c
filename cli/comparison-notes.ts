/** What is said of a search of the protocol in which the reference did not walk along everywhere. */
import type { WholeSpace } from "../properties/coherency/whole-space.js";

/**
 * Why the reference stayed behind, if it did.
 * @param inStep of all transitions, 0 to 1
 */
export function comparisonNotes(
  symmetry: "on" | "off",
  inStep: number,
  { limit }: Pick<WholeSpace["exploration"], "limit">,
): string[] {
  if (symmetry === "on") return ["counts are modulo renaming of kernels; P9, which is each kernel's, is not judged"];
  if (limit === "time") return ["judged by the claims alone: no time was left for the reference"];
  if (inStep > 0)
    return inStep < 1 ? [`answers and meanings are compared on ${shareText(inStep)} of the transitions`] : [];
  return ["judged by the claims alone: the reference knows the profiles, with free stamps and no budgets"];
}

/** Rounded down, so that a share is never told as the whole. */
const shareText = (share: number): string => `${(Math.floor(share * 1000) / 10).toLocaleString("en")} %`;
