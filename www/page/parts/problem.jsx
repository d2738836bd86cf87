// An error: what happened, what to do next, what to quote to Clerk's support, and when to try again.
import { now } from "../state/clock.js";
import { duration } from "../time.js";
import { explain } from "../words.js";
import { Icon } from "./icon.jsx";
import { UnknownSteps } from "./unknown-steps.jsx";

/**
 * `failure`: `{ error, at, params? }`. `retry` is offered where the same may be tried again as it stands now.
 */
export function Problem({ failure, operation, retry }) {
  const { error, at, params } = failure;
  const { title, text, isUnknown } = explain(error, operation);
  const isLostCreate = isUnknown && operation === "create";
  return (
    <div class={`callout ${isUnknown ? "doubtful" : "bad"}`} role="alert">
      <Icon name={isUnknown ? "unknown" : "warning"} />
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
        {isLostCreate && <UnknownSteps params={params} at={at} />}
        {error.clerkTraceId && (
          <p class="muted">
            Trace ID, for Clerk&rsquo;s support: <code>{error.clerkTraceId}</code>
          </p>
        )}
        {retry && (
          <RetryButton
            label={isLostCreate ? "Create again" : "Try again"}
            from={error.retryAfter ? at + error.retryAfter * 1000 : 0}
            onClick={retry}
          />
        )}
      </div>
    </div>
  );
}

function RetryButton({ label, from, onClick }) {
  const isWaiting = from > now.value;
  return (
    <button type="button" aria-disabled={isWaiting} onClick={() => from <= Date.now() && onClick()}>
      <Icon name="retry" />
      {isWaiting ? `Try again in ${duration(from - now.value)}` : label}
    </button>
  );
}
