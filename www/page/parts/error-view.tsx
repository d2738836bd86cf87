// Shows an error: what happened, what to do next, the trace ID, and when to try again.
import type { ComponentChildren } from "preact";

import { now } from "../state/clock.ts";
import { duration } from "../time.ts";
import type { Failure, Operation } from "../types.ts";
import { explain } from "../words.ts";
import { Icon } from "./icon.tsx";
import { UnknownSteps } from "./unknown-steps.tsx";

interface Props {
  failure: Failure;
  operation: Operation;
  /** Adds a button. */
  retry?: () => void;
  children?: ComponentChildren;
}

export function ErrorView({ failure, operation, retry, children }: Props) {
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
        {children}
        {retry && <RetryButton from={retryAt(failure)} onClick={retry} />}
      </div>
    </div>
  );
}

/** Returns when Clerk accepts the next request, in Unix milliseconds; 0 if it gave no time. */
export const retryAt = ({ error, at }: Failure) =>
  error.retryAfter ? at + error.retryAfter * 1000 : 0;

/** "Try again", with a countdown until `from`. */
export const retryLabel = (from: number) =>
  from > now.value ? `Try again in ${duration(from - now.value)}` : "Try again";

function RetryButton({ from, onClick }: { from: number; onClick: () => void }) {
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
