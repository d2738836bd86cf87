// An error as people need it: what happened, whether a token may exist, what to quote to support, when to try again.
import { SignInTokensError } from "clerk-sign-in-tokens";

import { element } from "./dom.js";
import { duration, everySecond } from "./lifetime.js";

const TITLES = {
  invalid_argument: "That cannot be sent",
  unauthorized: "The API refused",
  not_found: "Not found",
  rejected: "Clerk refused",
  rate_limited: "Too many requests",
  server_error: "The API failed",
  network: "No answer came",
  timeout: "No answer came in time",
  invalid_response: "The answer makes no sense",
  internal: "A bug in this page",
};

/** Shows `error` in `place`; `retry` is offered once that makes sense. `what` may have happened: "created", "revoked". */
export function showError(place, error, { what, retry }) {
  const {
    code = "internal",
    errors = [],
    clerkTraceId,
    retryAfter,
    outcome = "unknown",
    message,
  } = error instanceof SignInTokensError ? error : {};
  const said = [
    ...new Set(errors.map(({ longMessage, message }) => longMessage || message)),
  ].filter(Boolean);
  const article = element(
    "article",
    { class: "problem" },
    element("h3", {}, TITLES[code]),
    element("p", {}, said.join(" ") || (code === "invalid_argument" ? message : "")),
    element("p", {}, outcomeText(outcome, what)),
  );
  if (clerkTraceId)
    article.append(
      element(
        "p",
        { class: "quiet" },
        "For Clerk's support: trace id ",
        element("code", {}, clerkTraceId),
      ),
    );
  const label = what === "created" && outcome === "unknown" ? "Create another" : "Try again";
  if (retry) article.append(retryButton(label, retryAfter, retry));
  place.replaceChildren(article);
}

export function clearError(place) {
  place.replaceChildren();
}

export function outcomeText(outcome, what) {
  if (outcome === "none") return `Nothing was ${what}.`;
  return what === "created"
    ? "A token may have been created that nobody holds. It works until it expires; another one can be created."
    : "The token may have been revoked all the same. Try again: twice is as good as once.";
}

function retryButton(label, retryAfter, retry) {
  const button = element(
    "button",
    { type: "button", class: "small outline", onclick: retry },
    label,
  );
  const end = Date.now() + (retryAfter ?? 0) * 1000;
  everySecond(() => {
    const left = end - Date.now();
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Try again in ${duration(left)}` : label;
    return left > 0;
  });
  return element("div", {}, button);
}
