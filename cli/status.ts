// status: what a results file says, without a key and a list.
import { ResultsFile } from "./results/file.ts";
import { summarize } from "./summary.ts";
import type { Terminal } from "./terminal.ts";

/** Returns the exit code. */
export async function status(path: string, { json }: { json?: boolean }, terminal: Terminal) {
  return (await summarize({ terminal, results: ResultsFile.look(path), path, json })) ? 0 : 1;
}
