// Lists what to do about a create with an unknown outcome.
import { session } from "../state/session.ts";
import { dayAndTime } from "../format.ts";
import type { CreateParams } from "../types.ts";

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
