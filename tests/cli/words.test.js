// The outcome of a failed call: "none" only where its error proves that nothing was sent.
import assert from "node:assert/strict";
import { test } from "node:test";

import { outcomeOf } from "../../cli/facts.ts";
import { describe } from "../../cli/words.ts";

/** Returns the client's error for a request that failed with this cause. */
function networkError({ name = "Error", code, message }) {
  const cause = Object.assign(new Error(message), { name, code });
  const failed = Object.assign(new TypeError("fetch failed"), { cause });
  return Object.assign(new Error("no answer"), {
    code: "network",
    outcome: "unknown",
    cause: failed,
  });
}

for (const [cause, outcome] of [
  [{ code: "ECONNREFUSED", message: "connect ECONNREFUSED 127.0.0.1:1" }, "none"],
  [{ code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND api.clerk.com" }, "none"],
  [{ code: "EHOSTUNREACH", message: "connect EHOSTUNREACH 10.0.0.1:443" }, "none"],
  [{ code: "ENETUNREACH", message: "connect ENETUNREACH 2001:db8::1:443 - Local (:::0)" }, "none"],
  [{ name: "AggregateError", code: "ENETUNREACH", message: "" }, "none"],
  // The network went away while the answer was awaited.
  [{ code: "EHOSTUNREACH", message: "read EHOSTUNREACH" }, "unknown"],
  [{ code: "ENETUNREACH", message: "read ENETUNREACH" }, "unknown"],
  [{ code: "ENETDOWN", message: "read ENETDOWN" }, "unknown"],
  [{ name: "AggregateError", code: "ENETDOWN", message: "read ENETDOWN" }, "unknown"],
  [{ code: "EHOSTUNREACH", message: "write EHOSTUNREACH" }, "unknown"],
  [{ code: "ECONNRESET", message: "read ECONNRESET" }, "unknown"],
  [{ code: "UND_ERR_SOCKET", message: "other side closed" }, "unknown"],
]) {
  test(`after ${cause.message || cause.name} the outcome is ${outcome}`, () => {
    const error = networkError(cause);
    assert.equal(outcomeOf(error), outcome);
    const said = outcome === "none" ? /^no connection to .*nothing was sent/ : /^no answer from/;
    assert.match(describe(error, "https://api.clerk.com"), said);
  });
}
