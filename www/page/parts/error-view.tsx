// Shows an error: what happened, what to do next, the trace ID, and when to try again.
import { RotateCw } from "lucide-static";
import type { ComponentChildren } from "preact";

import { now } from "../state/clock.ts";
import { duration } from "../format.ts";
import type { Failure, Operation } from "../types.ts";
import { explain } from "../errors.ts";
import { Button } from "./button.tsx";
import { Callout } from "./card.tsx";
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
  const from = retryAt(failure);
  return (
    <Callout tone={isUnknown ? "doubtful" : "bad"} title={title} role="alert">
      <p>{text}</p>
      {isUnknown && operation === "create" && <UnknownSteps params={params} at={at} />}
      {error.clerkTraceId && (
        <p class="muted">
          Trace ID, for Clerk&rsquo;s support: <code>{error.clerkTraceId}</code>
        </p>
      )}
      {children}
      {retry && (
        <Button
          icon={RotateCw}
          aria-disabled={from > now.value}
          onClick={() => from <= Date.now() && retry()}
        >
          {retryLabel(from)}
        </Button>
      )}
    </Callout>
  );
}

/** Returns when Clerk accepts the next request, in Unix milliseconds; 0 if it gave no time. */
export const retryAt = ({ error, at }: Failure) =>
  error.retryAfter ? at + error.retryAfter * 1000 : 0;

/** "Try again", with a countdown until `from`. */
export const retryLabel = (from: number) =>
  from > now.value ? `Try again in ${duration(from - now.value)}` : "Try again";
