/** Numbers of codes.ts as the outcomes that callers see; the common ones are made once. */
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { Errno, Outcome, Served } from "../../vocabulary/replication/outcomes.js";
import { EALREADY, EBUSY, EEXIST, EFAULT, EINVAL, ENOMEM, ESRCH, NO_RANGE, NO_RIGHTS, WAITS } from "./codes.js";
import { rightsBits } from "./ranges.js";

const error = (errno: Errno): Outcome => Object.freeze({ kind: "error", errno });

const SERVED: readonly Served[] = ["tlb", "walk", "fault", "copy"];
const TOUCHED: readonly Outcome[] = SERVED.map((served) => Object.freeze({ kind: "touched", served }));
const COMMON_VALUES = 64;
const VALUES: readonly Outcome[] = Array.from({ length: COMMON_VALUES }, (_, value) =>
  Object.freeze({ kind: "ok", value }),
);

/** By −code. */
const REFUSALS: readonly Outcome[] = (() => {
  const refusals: Outcome[] = [];
  refusals[-EINVAL] = error("EINVAL");
  refusals[-EALREADY] = error("EALREADY");
  refusals[-ESRCH] = error("ESRCH");
  refusals[-EFAULT] = error("EFAULT");
  refusals[-EBUSY] = error("EBUSY");
  refusals[-ENOMEM] = error("ENOMEM");
  refusals[-EEXIST] = error("EEXIST");
  refusals[-NO_RANGE] = Object.freeze({ kind: "segfault", reason: "no-range" });
  refusals[-NO_RIGHTS] = Object.freeze({ kind: "segfault", reason: "rights" });
  refusals[-WAITS] = Object.freeze({ kind: "waits" });
  return refusals;
})();

export const ABSENT: Outcome = Object.freeze({ kind: "absent" });

/** A value, or a refusal. */
export function answer(code: number): Outcome {
  if (code < 0) return REFUSALS[-code]!;
  return VALUES[code] ?? { kind: "ok", value: code };
}

/** How a touch was served, or a refusal. */
export function touchAnswer(code: number): Outcome {
  return code < 0 ? REFUSALS[-code]! : TOUCHED[code]!;
}

const RIGHTS_NAMES: readonly Rights[] = ["---", "r--", "rw-", "r-x", "rwx"];

export function rightsName(bits: number): Rights {
  return RIGHTS_NAMES.find((rights) => rightsBits(rights) === bits)!;
}
