// Formats a generated file as `npm run fix` would.
import { join } from "node:path";

import { format as prettier, resolveConfig } from "prettier";

import { root } from "./tools.js";

/** Returns `text` in the format of `file`, a path within the workspace. */
export async function format(text: string, file: string) {
  const filepath = join(root, file);
  return prettier(text, { ...(await resolveConfig(filepath)), filepath });
}
