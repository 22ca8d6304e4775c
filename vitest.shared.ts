import { fileURLToPath } from "node:url";

/**
 * Tests import the sources' paths and get the compiled modules, which Node loads by itself: the test runner's own module
 * transformation makes every imported name a property access, and hot loops several times slower.
 */
export const compiled = {
  alias: [
    {
      find: /^(?:\.\.\/)+(vocabulary|model|impl|explore|properties|cli|bench|examples)\/(.*)\.js$/,
      replacement: `${fileURLToPath(new URL("dist", import.meta.url))}/$1/$2.js`,
    },
  ],
};
