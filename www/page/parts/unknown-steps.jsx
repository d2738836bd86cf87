// What to do about a create whose outcome nobody knows: where to look, and what then.
import { session } from "../state/session.js";
import { dayAndTime } from "../time.js";

/** @import { CreateParams } from "../types" */

/** @param {{ params?: CreateParams, at?: number }} props */
export function UnknownSteps({ params, at = 0 }) {
  return (
    <ol class="steps">
      {session.value.history === "database" && (
        <li>
          Look under <a href="#history">History</a> first. Where it says Created, only the answer to
          this page was lost, and a link exists. Revoke it there.
        </li>
      )}
      <li>
        {session.value.history === "database" ? "Otherwise open" : "Open"} Application Logs in the
        Clerk Dashboard. Look for the event <code>sign_in_token.created</code>{" "}
        {params ? (
          <>
            of <code>{params.userId}</code> from {dayAndTime(at)}
          </>
        ) : (
          "of each of these users"
        )}
        . Logs are kept for 1, 7 or 30 days, depending on your plan.
      </li>
      <li>
        If it is there, a link exists that nobody has. Revoke it by its token ID, under History, or
        let it expire.
      </li>
      <li>If it is not there, no link exists: create it again.</li>
    </ol>
  );
}
