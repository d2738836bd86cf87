// A token for each user of a file, into a file from which an interrupted run goes on.
import {
  appendFileSync,
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  statSync,
} from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

import { createMany } from "clerk-sign-in-tokens/bulk";
import Progress from "cli-progress";

// The example has to be whole by itself, so the reader is there.
import { users } from "../examples/bulk-queues/lines.js";

const FORMAT =
  "{bar} {percentage}% | {created} created, {failed} failed, {unknown} unknown, {skipped} done before";

/** Gives the exit code. */
export async function bulk(tokens, { input, output, expiresInSeconds, concurrency, rateLimit }) {
  const before = await readResults(output);
  const file = openSync(output, "a", 0o600);
  const write = (result) => appendFileSync(file, `${JSON.stringify(result)}\n`);
  const count = { created: 0, failed: 0, unknown: 0, skipped: 0, unusable: 0 };
  for (const [userId, state] of before) {
    if (state !== "sending") continue;
    // The last run ended before its answer came.
    write({
      user_id: userId,
      state: "unknown",
      error: "interrupted: a token may exist that nobody holds",
    });
    before.set(userId, "unknown");
    count.unknown++;
  }
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  const source = open(input);
  const bar = new Progress.SingleBar({
    format: FORMAT,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: false,
  });
  bar.start(source.size, 0, count);

  async function* inputs() {
    for await (const { line, userId, orgId, reason } of users(source.stream)) {
      bar.update(Math.min(source.read(), source.size), count);
      if (reason ?? before.get(userId) === "this run") {
        count.unusable++;
        const problem = reason ?? "the same user as in an earlier line";
        write({ line, problem });
        console.error(`\nline ${line}: ${problem}`);
      } else if (["created", "unknown"].includes(before.get(userId))) {
        count.skipped++;
        before.set(userId, "this run");
      } else if (interrupt.signal.aborted) {
        return; // Pulled before the interrupt, and not to be sent any more.
      } else {
        before.set(userId, "this run");
        // Before it is sent: whatever happens now, the file says that it was begun.
        write({ user_id: userId, state: "sending" });
        yield { userId, orgId, expiresInSeconds };
      }
    }
  }

  try {
    const options = {
      signal: interrupt.signal,
      ...(concurrency && { concurrency }),
      ...(rateLimit && { rateLimit }),
    };
    for await (const {
      input: { userId },
      token,
      error,
    } of createMany(tokens, inputs(), options)) {
      const state = token ? "created" : error.outcome === "unknown" ? "unknown" : "failed";
      count[state]++;
      write({
        user_id: userId,
        state,
        token_id: token?.id,
        url: token?.url,
        created_at: token?.createdAt,
        error: error && (error.errors[0]?.longMessage ?? error.message),
        clerk_trace_id: error?.clerkTraceId,
      });
      bar.update(Math.min(source.read(), source.size), count);
    }
    bar.update(source.size, count);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
  } finally {
    bar.stop();
    process.off("SIGINT", onInterrupt);
    closeSync(file);
  }
  const { created, failed, unknown, skipped, unusable } = count;
  console.error(
    `${created} created, ${failed} failed, ${unknown} unknown, ${skipped} done before, ${unusable} lines not usable: ${output}`,
  );
  if (interrupt.signal.aborted) return 130;
  return failed + unknown + unusable > 0 ? 1 : 0;
}

/** The input, how large it is, and how much of it was read so far. */
function open(path) {
  const stream = path === "-" ? process.stdin : createReadStream(path);
  let bytes = 0;
  stream.on("data", (chunk) => (bytes += chunk.length)).pause();
  return {
    stream: Readable.toWeb(stream),
    size: path === "-" ? 1 : statSync(path).size || 1,
    read: () => bytes,
  };
}

/** The last state of each user in an output file; a last line that broke off is none. */
async function readResults(path) {
  const states = new Map();
  if (!existsSync(path)) return states;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    try {
      const { user_id, state } = JSON.parse(line);
      if (user_id) states.set(user_id, state);
    } catch {
      // Broke off when the run was killed; what it was about says "sending" above.
    }
  }
  return states;
}
