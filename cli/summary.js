// Prints the summary of a results file: the counts, the users to look at, and how to continue.
import { print } from "./output.js";
import { STATES } from "./results/records.js";
import { WHERE_TO_LOOK } from "./words.js";

/** The number of users that the terminal shows; the file has all. */
const NAMED = 3;

/** How the states are called, in the order of the summary. The first three are always there. */
const WORDS = /** @type {const} */ ({
  created: "created",
  failed: "failed",
  unknown: "unknown",
  not_sent: "not sent",
  sending: "sending",
  revoked: "revoked",
});

/**
 * @typedef {import("./results/file.js").ResultsFile} ResultsFile
 * @typedef {import("./terminal.js").Terminal} Terminal
 *
 * @typedef {object} Summary
 * @property {Terminal} terminal
 * @property {ResultsFile} results
 * @property {string} path of the results file
 * @property {number} [now] the tokens that this run created
 * @property {import("./wanted.js").Wanted} [wanted] the rows of this run's list
 * @property {import("./run.js").StopReason["why"]} [stopped]
 * @property {boolean} [json]
 */

/**
 * Prints the summary. Returns whether every user of the file and of the list has a token.
 *
 * @param {Summary} run
 */
export async function summarize(run) {
  const { terminal, results, path, wanted, stopped, json, now } = run;
  const counts = Object.fromEntries(STATES.map((state) => [state, results.count(state)]));
  const left = counts.failed + counts.unknown + counts.not_sent + counts.sending;
  const isComplete = left === 0 && wanted?.isClean !== false;
  if (json)
    await printJson(run, { ...counts, now, ...wanted?.counts, complete: isComplete, stopped });
  const level = isComplete && !stopped && !results.failure && !wanted?.isLimited ? "note" : "say";
  terminal[level](`${path}: ${textsOf(run).join(", ")}`);

  nameFirst(terminal, results, "failed");
  if (counts.failed > 0) terminal.say("  To retry them, run the same command with --retry-failed.");
  nameFirst(terminal, results, "unknown");
  if (counts.unknown > 0) sayWhatToDo(terminal, counts.unknown);
  if (!stopped) nameFirst(terminal, results, "not_sent");
  if (counts.sending > 0)
    terminal.say(
      "  Users are sending while a run is active. After it was killed, they are unknown.",
    );
  sayWhatIsOld(run);
  reportFailure(terminal, results, stopped !== undefined);
  if (stopped) terminal.say("Not finished. Run the same command again to continue.");
  else if (wanted?.isLimited)
    terminal.say("This was the --limit. Run the command without it to continue.");
  else if (counts.not_sent > 0) terminal.say("Run the same command again to send the rest.");
  return isComplete;
}

/** @param {Summary} run */
function textsOf({ results, now, wanted }) {
  const texts = Object.entries(WORDS).map(([state, word], index) => {
    const number = results.count(/** @type {keyof typeof WORDS} */ (state));
    const suffix = index === 0 && now !== undefined ? ` (${now.toLocaleString("en-US")} now)` : "";
    return number > 0 || index < 3 ? `${number.toLocaleString("en-US")} ${word}${suffix}` : "";
  });
  return [...texts, ...(wanted?.texts.slice(1) ?? [])].filter(Boolean);
}

/** @param {Summary} run */
function sayWhatIsOld({ terminal, wanted, path }) {
  const { expired = 0, other_organization: other = 0 } = wanted?.counts ?? {};
  if (expired + other === 0) return;
  terminal.say(
    `  Users who have a token in ${path} do not get another one, also if it has expired or is for another organization.\n` +
      "  For new tokens, revoke the old ones with revoke --from, and take another file for the results.",
  );
}

/**
 * Prints the counts as JSON.
 *
 * @param {{ path: string, results?: ResultsFile }} run
 * @param {Record<string, unknown>} counts
 */
export async function printJson({ path, results }, counts) {
  const error = results?.failure?.message;
  await print(`${JSON.stringify({ results: path, ...counts, error }, undefined, 2)}\n`);
}

/**
 * Prints why the results file could not be written, and which results are not in it.
 *
 * @param {Terminal} terminal
 * @param {ResultsFile} results
 * @param {boolean} isStopped
 */
export function reportFailure(terminal, { failure, unwritten }, isStopped) {
  const effect = isStopped ? "The run stopped." : "The last results may not be on the disk.";
  if (failure) terminal.error(`${failure.message}. ${effect}`);
  for (const { user_id, token_id, state } of unwritten)
    terminal.error(
      `${user_id}: ${state}, but not written${token_id ? `; revoke ${token_id}` : ""}`,
    );
}

/**
 * Prints the first users in a state, with the reason.
 *
 * @param {Terminal} terminal
 * @param {ResultsFile} results
 * @param {import("./results/records.js").State} state
 */
export function nameFirst(terminal, results, state) {
  const total = results.count(state);
  const word = state === "not_sent" ? "not sent" : state;
  for (const { user_id, error } of results.recordsIn(state, NAMED)) {
    // There is nothing to say of users whom an interrupted run did not come to.
    if (!error && state === "not_sent") return;
    terminal.say(`  ${word} ${user_id}${error ? `: ${error}` : ""}`);
  }
  if (total > NAMED)
    terminal.say(`  … and ${(total - NAMED).toLocaleString("en-US")} more ${word}`);
}

/**
 * @param {Terminal} terminal
 * @param {number} unknown
 */
function sayWhatToDo(terminal, unknown) {
  terminal.say(
    `  For ${unknown === 1 ? "this user" : "these users"} a token may exist that nobody holds. ${WHERE_TO_LOOK}\n` +
      "  If there is no such event after some minutes, run the same command with --retry-unknown. If there is one, first\n" +
      "  revoke the token that it names, or let it expire.",
  );
}
