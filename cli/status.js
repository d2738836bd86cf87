// status: what a results file says, without a key and a list.
import { ResultsFile } from "./results/file.js";
import { summarize } from "./summary.js";

/**
 * Returns the exit code.
 *
 * @param {string} path
 * @param {{ json?: boolean }} options
 * @param {import("./terminal.js").Terminal} terminal
 */
export async function status(path, { json }, terminal) {
  return (await summarize({ terminal, results: ResultsFile.look(path), path, json })) ? 0 : 1;
}
