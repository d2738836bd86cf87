// What a run says at its end: the counts of the whole results file, whom to look at, and how to go on.
import { count } from "./run.js";
import { WHERE_TO_LOOK } from "./words.js";

/** The users that are named; the file has all. */
const NAMED = 3;

/** Prints the summary; returns whether every user of the file and of the list has a token. */
export function summarize({ terminal, results, output, created, unusable, stopped, csvPath }) {
  const { states, unwritten, failure } = results;
  const number = (state) => states.count(state).toLocaleString("en-US");
  const parts = [
    `${number("created")} created (${created.toLocaleString("en-US")} now)`,
    `${number("failed")} failed`,
    `${number("unknown")} unknown`,
    states.count("not_sent") > 0 && `${number("not_sent")} not sent`,
    states.count("revoked") > 0 && `${number("revoked")} revoked`,
    unusable > 0 && `${count(unusable, "row")} not usable`,
  ];
  const isComplete =
    unusable +
      ["failed", "unknown", "not_sent"].reduce((sum, state) => sum + states.count(state), 0) ===
    0;
  const say = isComplete && !stopped ? (text) => terminal.note(text) : (text) => terminal.say(text);
  say(`${output}: ${parts.filter(Boolean).join(", ")}`);
  if (csvPath && !stopped) say(`${csvPath}: the same as CSV`);

  nameFirst({ terminal, results, state: "failed" });
  if (states.count("failed") > 0)
    terminal.say("  To try them again: the same command with --retry-failed.");
  nameFirst({ terminal, results, state: "unknown" });
  if (states.count("unknown") > 0) sayWhatToDo(terminal, states.count("unknown"));
  if (failure) terminal.error(`${failure.message}. The run stopped.`);
  for (const { user_id, token_id, state } of unwritten)
    terminal.error(
      `${user_id}: ${state}, and not written${token_id ? `; revoke ${token_id}` : ""}`,
    );
  if (stopped) terminal.say(`Not finished. The same command goes on where this run stopped.`);
  else if (states.count("not_sent") > 0) terminal.say("The same command sends what was not sent.");
  return isComplete;
}

/** Names the first users in a state, and why. */
export function nameFirst({ terminal, results, state }) {
  const total = results.states.count(state);
  for (const { user_id, error } of results.recordsIn(state, NAMED))
    terminal.say(`  ${state} ${user_id}${error ? `: ${error}` : ""}`);
  if (total > NAMED)
    terminal.say(`  … and ${(total - NAMED).toLocaleString("en-US")} more ${state}`);
}

function sayWhatToDo(terminal, unknown) {
  terminal.say(
    `  For ${unknown === 1 ? "this user" : "these users"} a token may exist that nobody holds. ${WHERE_TO_LOOK}\n` +
      "  No such event: the same command with --retry-unknown creates one. One is there: revoke the token that it names\n" +
      "  first, or let it expire.",
  );
}
