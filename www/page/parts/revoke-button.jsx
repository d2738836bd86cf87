// Revokes a token after a question, and shows what went wrong beside itself.
import { useState } from "preact/hooks";

import { announce } from "../state/announcements.js";
import { confirm } from "../state/confirmation.js";
import { revokeLink } from "../state/operations.js";
import { Icon } from "./icon.jsx";
import { Problem } from "./problem.jsx";

const ENDS = {
  revoked: "The link was revoked.",
  not_pending: "The link was already used or revoked.",
};

/** `token`: `{ tokenId, userId? }`. `onEnd` is called with "revoked" or "not_pending". */
export function RevokeButton({ token, onEnd }) {
  const { isBusy, failure, revoke } = useRevoke(token, onEnd);
  return (
    <>
      <button type="button" class="danger-outline" aria-busy={isBusy} onClick={revoke}>
        <Icon name="ban" />
        {isBusy ? "Revoking…" : "Revoke"}
      </button>
      {failure && <Problem failure={failure} operation="revoke" retry={revoke} />}
    </>
  );
}

export function useRevoke(token, onEnd) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState();

  async function revoke() {
    if (isBusy || !(await confirm(questionAbout(token)))) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const end = await revokeLink(token);
      announce(ENDS[end]);
      onEnd?.(end);
    } catch (error) {
      setFailure({ error, at: Date.now() });
    } finally {
      setBusy(false);
    }
  }

  return { isBusy, failure, revoke };
}

function questionAbout({ userId, tokenId }) {
  return {
    title: "Revoke this link?",
    text: `The link for ${userId ?? tokenId} stops working at once. This cannot be undone.`,
    action: "Revoke link",
    isDangerous: true,
  };
}
