// Prints the summary of a results file: the counts, the users to look at, and how to continue.
import { printJson } from "./output.ts";
import { type State, STATES } from "./results/records.ts";
import { Results } from "./results/results.ts";
import type { Run } from "./run.ts";
import type { Terminal } from "./terminal.ts";
import type { Wanted } from "./wanted.ts";
import { count, number, WHERE_TO_LOOK } from "./words.ts";

/** The number of users that the terminal shows; the file has all. */
const NAMED = 3;

const ADVICE_UNKNOWN =
  `  A token may exist. ${WHERE_TO_LOOK}\n` +
  "  If there is no such event after some minutes, run the same command with --retry-unknown.\n" +
  "  If there is one, first revoke the token that it names, or let it expire.";
const ADVICE_OLD =
  "  Users who have a token in the file do not get another one, also if it has expired or is\n" +
  "  for another organization. For new ones, revoke those by revoke --from, and take another file.";

interface Summary {
  terminal: Terminal;
  results: Results;
  path: string;
  /** The tokens that this run created. */
  now?: number;
  /** The rows of this run's list. */
  wanted?: Wanted;
  stopped?: Run["stopped"];
  json?: boolean;
}

/** status: what a results file says, without a key and a list. Returns the exit code. */
export async function status(path: string, { json }: { json?: boolean }, terminal: Terminal) {
  return (await summarize({ terminal, results: Results.look(path), path, json })) ? 0 : 1;
}

/** Prints the summary. Returns whether every user of the file and of the list has a valid token. */
export async function summarize({ terminal, results, path, ...run }: Summary) {
  const { now, wanted, stopped, json } = run;
  const counts = Object.fromEntries(STATES.map((state) => [state, results.count(state)]));
  const left = counts.failed + counts.unknown + counts.not_sent + counts.sending;
  const { expired } = results;
  const isComplete = left + expired === 0 && wanted?.isClean !== false;
  const error = results.failure?.message;
  const rows = wanted?.counts;
  const all = { results: path, ...counts, expired, now, ...rows, complete: isComplete };
  if (json) await printJson({ ...all, stopped, error });
  // The first three are always there.
  const texts = STATES.filter((state, index) => index < 3 || counts[state] > 0).map((state) => {
    const suffix = state === "created" && now !== undefined ? ` (${number(now)} now)` : "";
    return `${number(counts[state])} ${word(state)}${suffix}`;
  });
  const isQuiet = isComplete && !stopped && !error && !wanted?.isLimited;
  if (wanted) texts.push(...wanted.texts);
  if (expired > 0) texts.push(`${count(expired, "token")} expired`);
  terminal[isQuiet ? "note" : "say"](`${path}: ${texts.join(", ")}`);

  nameFirst(terminal, results, "failed");
  if (counts.failed > 0) terminal.say("  To retry them, run the same command with --retry-failed.");
  nameFirst(terminal, results, "unknown");
  if (counts.unknown > 0) terminal.say(ADVICE_UNKNOWN);
  if (!stopped) nameFirst(terminal, results, "not_sent");
  if (counts.sending > 0)
    terminal.say("  Users are sending while a run is active. If it was killed, they are unknown.");
  if (expired > 0 || (rows && rows.other_organization > 0)) terminal.say(ADVICE_OLD);
  reportFailure(terminal, results, stopped !== undefined);
  if (stopped) terminal.say("Not finished. Run the same command again to continue.");
  else if (wanted?.isLimited)
    terminal.say("This was the --limit. Run the command without it to continue.");
  else if (counts.not_sent > 0) terminal.say("Run the same command again to send the rest.");
  return isComplete;
}

const word = (state: State) => state.replace("_", " ");

/** Prints why the results file could not be written, and which results are not in it. */
export function reportFailure(terminal: Terminal, results: Results, isStopped: boolean) {
  const { failure, unwritten } = results;
  const effect = isStopped ? "The run stopped." : "The last results may not be on the disk.";
  if (failure) terminal.error(`${failure.message}. ${effect}`);
  for (const { user_id, token_id, state } of unwritten) {
    const remedy = token_id ? `; revoke ${token_id}` : "";
    terminal.error(`${user_id}: ${state}, but not written${remedy}`);
  }
}

/** Prints the first users in a state, with the reason. */
export function nameFirst(terminal: Terminal, results: Results, state: State) {
  const total = results.count(state);
  for (const { user_id, error } of results.recordsIn(state, NAMED)) {
    // There is nothing to say of users whom an interrupted run did not come to.
    if (!error && state === "not_sent") return;
    terminal.say(`  ${word(state)} ${user_id}${error ? `: ${error}` : ""}`);
  }
  if (total > NAMED) terminal.say(`  … and ${number(total - NAMED)} more ${word(state)}`);
}
