// Revokes a token after confirmation, and shows an error beside the button.
import { useState } from "preact/hooks";

import { announce } from "../state/announcements.js";
import { asError } from "../state/api.js";
import { confirm } from "../state/confirmation.js";
import { revokeLink } from "../state/operations.js";
import { ErrorView } from "./error-view.jsx";
import { Icon } from "./icon.jsx";

/** @import { Failure, LinkEnd } from "../types" */
/** @typedef {{ tokenId: string, userId?: string | null }} Token */

const ENDS = {
  revoked: "The link was revoked.",
  not_pending: "The link was already used or revoked.",
};

/**
 * Calls `onEnd` with "revoked" or "not_pending".
 *
 * @param {{ token: Token, onEnd?: (end: LinkEnd) => void }} props
 */
export function RevokeButton({ token, onEnd }) {
  const { isBusy, failure, revoke } = useRevoke(token, onEnd);
  return (
    <>
      <button type="button" class="danger-outline" aria-busy={isBusy} onClick={revoke}>
        <Icon name="ban" />
        {isBusy ? "Revoking…" : "Revoke"}
      </button>
      {failure && <ErrorView failure={failure} operation="revoke" retry={revoke} />}
    </>
  );
}

/**
 * @param {Token} token
 * @param {(end: LinkEnd) => void} [onEnd]
 */
export function useRevoke(token, onEnd) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState(/** @type {Failure | undefined} */ (undefined));

  async function revoke() {
    if (isBusy || !(await confirm(questionAbout(token)))) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const end = await revokeLink(token);
      announce(ENDS[end]);
      onEnd?.(end);
    } catch (error) {
      setFailure({ error: asError(error), at: Date.now() });
    } finally {
      setBusy(false);
    }
  }

  return { isBusy, failure, revoke };
}

/** @param {Token} token */
function questionAbout({ userId, tokenId }) {
  return {
    title: "Revoke this link?",
    text: `The link for ${userId ?? tokenId} stops working at once. This cannot be undone.`,
    action: "Revoke link",
    isDangerous: true,
  };
}
