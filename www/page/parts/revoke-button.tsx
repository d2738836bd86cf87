// Revokes a token after a confirmation, and shows an error beside the button.
import { Ban } from "lucide-static";
import { useState } from "preact/hooks";

import { announce } from "../state/announcements.ts";
import { asError } from "../errors.ts";
import { confirm } from "../state/confirmation.ts";
import { endOf, revokeToken } from "../state/operations.ts";
import { loggedIn } from "../state/session.ts";
import type { Failure, LinkEnd, Token } from "../types.ts";
import { Button } from "./button.tsx";
import { ErrorView } from "./error-view.tsx";

export const ENDS = {
  revoked: "The link was revoked.",
  not_pending: "The link was already used or revoked.",
};

export function RevokeButton({ token }: { token: Token }) {
  const { isBusy, failure, revoke } = useRevoke(token);
  return (
    <>
      <Button icon={Ban} busy={isBusy && "Revoking…"} onClick={revoke}>
        Revoke
      </Button>
      {failure && <ErrorView failure={failure} operation="revoke" retry={revoke} />}
    </>
  );
}

export function useRevoke(token: Token, onEnd?: (end: LinkEnd) => void) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  async function revoke() {
    if (isBusy) return;
    const whose = token.userId ?? token.tokenId;
    const asked = await confirm({
      title: "Revoke this link?",
      text: `The link for ${whose} stops working at once. This cannot be undone.`,
      action: "Revoke link",
      withReason: true,
    });
    if (!asked) return;
    setBusy(true);
    setFailure(undefined);
    const order = { requestId: crypto.randomUUID(), notes: { reason: asked.reason } };
    const error = await loggedIn(() => revokeToken(token, order)).then(() => undefined, asError);
    setBusy(false);
    const end = endOf(error);
    if (end) announce(ENDS[end]);
    if (end) onEnd?.(end);
    else if (error) setFailure({ error, at: Date.now() });
  }

  return { isBusy, failure, revoke };
}
