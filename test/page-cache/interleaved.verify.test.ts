import { describe, expect, it } from "vitest";
import { interleave } from "../../explore/interleave/interleave.js";
import { interleavedPrograms } from "../../properties/page-cache/interleaved.js";

describe("all schedules of the page cache, longer programs", () => {
  it.each(interleavedPrograms.filter(({ effort }) => effort === "long"))("$name: $title", (each) => {
    const found = interleave(each.program(), each.claims);
    expect(found.failure).toBeNull();
    expect(found).toMatchObject({ verdict: "held", bound: null, store: "full", ...each.expected });
  });
});
