// Tests that a text from outside is bounded before the package copies it: its linear memory, which
// never shrinks, stays as it is, and an error holds a text that can be logged.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inEachRuntime, SOME_RUNTIMES } from "../support/programs.ts";

/** What the linear memory may grow by, in bytes. */
const GROWTH = 1024 * 1024;
/** What an error, its causes and the events may hold, in characters. */
const LENGTH = 16 * 1024;

/** The longest texts come last, since memory that has grown is there for the next ones. */
const CASES = {
  chunk: ["a page of 60 MB in a web stream", "server_error", "unknown"],
  oneChunk: ["a page of 60 MB in one chunk", "server_error", "unknown"],
  retryAfter: ["a Retry-After of 5 MB", "rate_limited", "none"],
  errors: ["Clerk's errors of 5 MB without a web stream", "rejected", "unknown"],
  ray: ["a cf-ray of 5 MB", "server_error", "unknown"],
  message: ["an error of fetch with a message of 5 MB", "network", "unknown"],
  name: ["an error of fetch with a name of 5 MB", "network", "unknown"],
  code: ["an error of fetch with a code of 5 MB", "network", "unknown"],
  text: ["a text of 5 MB that fetch rejects with", "network", "unknown"],
  causes: ["an error of fetch with causes of 20 MB", "network", "unknown"],
  many: ["an error of fetch that is made of 20,000", "network", "unknown"],
  key: ["an error of secretKey with a message of 5 MB", "invalid_argument", "none"],
  token: ["a token of 60 MB without a web stream", "invalid_response", "unknown"],
  page: ["a page of 60 MB without a web stream", "server_error", "unknown"],
  pageOfNode: ["a page of 60 MB in a stream of Node's", "server_error", "unknown"],
};

inEachRuntime(SOME_RUNTIMES, (run) => {
  for (const [what, [description, code, outcome]] of Object.entries(CASES))
    test(description, async () => {
      const { length, grown, ...seen } = await run("longTexts", { what });
      assert.deepEqual(seen, { code, outcome });
      assert.ok(length <= LENGTH, `the error holds ${length} characters`);
      assert.ok(grown <= GROWTH, `the linear memory grew by ${grown} bytes`);
    });
});
