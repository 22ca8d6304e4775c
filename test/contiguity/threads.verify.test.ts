import { expect, it } from "vitest";
import { interleave } from "../../explore/interleave/interleave.js";
import { threadPrograms } from "../../properties/contiguity/threads/interleaved.js";

it.each(threadPrograms.filter(({ effort }) => effort === "long"))("$name: $title", (each) => {
  const found = interleave(each.program(), each.claims);
  expect(found.failure).toBeNull();
  expect(found).toMatchObject({ verdict: "held", bound: null, ...each.expected });
});
