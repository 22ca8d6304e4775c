import { expect, it } from "vitest";
import { explorePaged } from "../../properties/coherency/paged-search.js";
import { coherencyScopes } from "../../properties/coherency/scopes.js";

const long = coherencyScopes.filter(
  ({ effort, profile }) => effort === "long" && (profile === "normative" || profile === "lean"),
);

it.each(long)("the page tables permit exactly what the protocol permits: $name", ({ configuration, expected }) => {
  const found = explorePaged(configuration, { limits: { store: "fingerprint" } });
  expect(found).toMatchObject({ verdict: "held", exhausted: true, ...expected });
});
