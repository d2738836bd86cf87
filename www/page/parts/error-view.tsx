// Shows an error: what happened, what to do next, the trace ID, and when to try again.
import { RotateCw } from "lucide-static";
import type { ComponentChildren } from "preact";

import { now } from "../state/clock.ts";
import { session } from "../state/session.ts";
import { dayAndTime, duration } from "../format.ts";
import type { CreateParams, Failure, Operation } from "../types.ts";
import { explain } from "../errors.ts";
import { Button } from "./button.tsx";
import { Callout } from "./card.tsx";

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

/** Lists what to do about a create with an unknown outcome. */
export function UnknownSteps({ params, at = 0 }: { params?: CreateParams; at?: number }) {
  const hasDatabase = session.value.history === "database";
  return (
    <ol class="steps">
      {hasDatabase && (
        <li>
          Check <a href="#history">History</a> first. If it says Active, the link exists and only
          the answer to this page was lost. Revoke it there.
        </li>
      )}
      <li>
        {hasDatabase ? "Otherwise open" : "Open"} Application Logs in the Clerk Dashboard. Look for
        the event <code>sign_in_token.created</code>{" "}
        {params ? (
          <>
            for <code>{params.userId}</code> at {dayAndTime(at)}
          </>
        ) : (
          "for each of these users"
        )}
        . Logs are kept for 1, 7 or 30 days, depending on your plan.
      </li>
      <li>
        If you find it, a link exists that nobody has. Revoke it by its token ID under History, or
        let it expire.
      </li>
      <li>If it is not there after some minutes, no link exists. Create it again.</li>
    </ol>
  );
}
