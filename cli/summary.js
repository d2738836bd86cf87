// Prints the summary of a run: the counts of the whole results file, the users to look at, and how to continue.
import { count } from "./run.js";
import { WHERE_TO_LOOK } from "./words.js";

/** The number of users that the terminal shows; the file has all. */
const NAMED = 3;

/**
 * @typedef {import("./results/file.js").ResultsFile} ResultsFile
 * @typedef {import("./terminal.js").Terminal} Terminal
 */

/**
 * @typedef {object} Ended a run that has ended
 * @property {Terminal} terminal
 * @property {ResultsFile} results
 * @property {string} output the path of the results file
 * @property {number} created the tokens of this run
 * @property {number} unusable the rows that name no user
 * @property {import("./run.js").StopReason["why"]} [stopped]
 */

/**
 * Prints the summary. Returns whether every user of the file and of the list has a token.
 *
 * @param {Ended} run
 */
export function summarize(run) {
  const { terminal, results, output, unusable, stopped } = run;
  const { states, failure } = results;
  const isComplete =
    unusable + states.count("failed") + states.count("unknown") + states.count("not_sent") === 0;
  const level = isComplete && !stopped && !failure ? "note" : "say";
  terminal[level](`${output}: ${countsOf(run).join(", ")}`);

  nameFirst({ terminal, results, state: "failed" });
  if (states.count("failed") > 0)
    terminal.say("  To retry them, run the same command with --retry-failed.");
  nameFirst({ terminal, results, state: "unknown" });
  if (states.count("unknown") > 0) sayWhatToDo(terminal, states.count("unknown"));
  if (failure) reportFailure(terminal, failure, stopped);
  nameUnwritten(terminal, results);
  if (stopped) terminal.say("Not finished. Run the same command again to continue.");
  else if (states.count("not_sent") > 0)
    terminal.say("Run the same command again to send the rest.");
  return isComplete;
}

/** @param {Ended} run */
function countsOf({ results: { states }, created, unusable }) {
  const number = (/** @type {import("./results/states.js").State} */ state) =>
    states.count(state).toLocaleString("en-US");
  const counts = [
    `${number("created")} created (${created.toLocaleString("en-US")} now)`,
    `${number("failed")} failed`,
    `${number("unknown")} unknown`,
  ];
  if (states.count("not_sent") > 0) counts.push(`${number("not_sent")} not sent`);
  if (states.count("revoked") > 0) counts.push(`${number("revoked")} revoked`);
  if (unusable > 0) counts.push(`${count(unusable, "row")} not usable`);
  return counts;
}

/**
 * Prints why the results file could not be written, and what that means.
 *
 * @param {Terminal} terminal
 * @param {Error} failure
 * @param {Ended["stopped"]} stopped
 */
export function reportFailure(terminal, { message }, stopped) {
  const effect = stopped ? "The run stopped." : "The last results may not be on the disk.";
  terminal.error(`${message}. ${effect}`);
}

/**
 * @param {Terminal} terminal
 * @param {ResultsFile} results
 */
function nameUnwritten(terminal, { unwritten }) {
  for (const { user_id, token_id, state } of unwritten)
    terminal.error(
      `${user_id}: ${state}, but not written${token_id ? `; revoke ${token_id}` : ""}`,
    );
}

/**
 * Prints the first users in a state, with the reason.
 *
 * @param {object} parts
 * @param {Terminal} parts.terminal
 * @param {ResultsFile} parts.results
 * @param {import("./results/states.js").State} parts.state
 */
export function nameFirst({ terminal, results, state }) {
  const total = results.states.count(state);
  for (const { user_id, error } of results.recordsIn(state, NAMED))
    terminal.say(`  ${state} ${user_id}${error ? `: ${error}` : ""}`);
  if (total > NAMED)
    terminal.say(`  … and ${(total - NAMED).toLocaleString("en-US")} more ${state}`);
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
