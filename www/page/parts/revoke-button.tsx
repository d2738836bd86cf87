// Revokes a token after confirmation, and shows an error beside the button.
import { useState } from "preact/hooks";

import { announce } from "../state/announcements.ts";
import { asError } from "../state/api.ts";
import { confirm } from "../state/confirmation.ts";
import { revokeLink } from "../state/operations.ts";
import { ErrorView } from "./error-view.tsx";
import { Icon } from "./icon.tsx";
import type { Failure, LinkEnd } from "../types.ts";

export type Token = { tokenId: string; userId?: string | null };

const ENDS = {
  revoked: "The link was revoked.",
  not_pending: "The link was already used or revoked.",
};

/** Calls `onEnd` with "revoked" or "not_pending". */
export function RevokeButton({ token, onEnd }: { token: Token; onEnd?: (end: LinkEnd) => void }) {
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

export function useRevoke(token: Token, onEnd?: (end: LinkEnd) => void) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

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

function questionAbout({ userId, tokenId }: Token) {
  return {
    title: "Revoke this link?",
    text: `The link for ${userId ?? tokenId} stops working at once. This cannot be undone.`,
    action: "Revoke link",
    isDangerous: true,
  };
}
