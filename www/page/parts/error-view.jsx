// Shows an error: what happened, what to do next, the trace ID, and when to try again.
import { now } from "../state/clock.js";
import { duration } from "../time.js";
import { explain } from "../words.js";
import { Icon } from "./icon.jsx";
import { UnknownSteps } from "./unknown-steps.jsx";

/** @import { Failure, Operation } from "../types" */

/**
 * `retry` adds a button.
 *
 * @param {{ failure: Failure, operation: Operation, retry?: () => void }} props
 */
export function ErrorView({ failure, operation, retry }) {
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
        {retry && <RetryButton from={retryAt(failure)} onClick={retry} />}
      </div>
    </div>
  );
}

/**
 * Returns when Clerk accepts the next request, in Unix milliseconds; 0 if it gave no time.
 *
 * @param {Failure} failure
 */
export const retryAt = ({ error, at }) => (error.retryAfter ? at + error.retryAfter * 1000 : 0);

/**
 * "Try again", with a countdown until `from`.
 *
 * @param {number} from
 */
export const retryLabel = (from) =>
  from > now.value ? `Try again in ${duration(from - now.value)}` : "Try again";

/** @param {{ from: number, onClick: () => void }} props */
function RetryButton({ from, onClick }) {
  return (
    <button
      type="button"
      aria-disabled={from > now.value}
      onClick={() => from <= Date.now() && onClick()}
    >
      <Icon name="retry" />
      {retryLabel(from)}
    </button>
  );
}
