import { contiguity } from "../../cli/contiguity.js";

/** Runs the command; what it printed and its exit code. */
export async function run(options: Parameters<typeof contiguity>[0]) {
  let out = "";
  let err = "";
  const code = await contiguity(
    options,
    (text) => {
      out += text;
    },
    (text) => {
      err += text;
    },
  );
  return { code, out, err };
}
