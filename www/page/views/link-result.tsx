// Shows a new link. The URL is in no element of the page until somebody reveals it.
import { Eye, EyeOff, MessageSquareText, Plus, QrCode } from "lucide-static";
import { useState } from "preact/hooks";
import { renderSVG } from "uqr";

import { Button, CopyButton } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { Countdown, Facts } from "../parts/facts.tsx";
import { Note } from "../parts/field.tsx";
import { RevokeButton } from "../parts/revoke-button.tsx";
import { Status } from "../parts/status.tsx";
import { markShared, statusOf } from "../state/links.ts";
import { newForm } from "../state/new-link.ts";
import { dayAndTime, dayAndTimeWithZone } from "../format.ts";
import type { Link } from "../types.ts";

const TITLES = {
  active: "Link created",
  expired: "Link expired",
  revoked: "Link revoked",
  not_pending: "Link already used or revoked",
};

export function LinkResult({ link }: { link: Link }) {
  const status = statusOf(link);
  const { user, userId, orgId, tokenId, expiresAt } = link;
  const left = status === "active" && (
    <span class="muted">
      , in <Countdown to={expiresAt} />
    </span>
  );
  return (
    <Card title={TITLES[status]} focusOn={link} beside={<Status of={status} />}>
      <Facts
        of={[
          ["User", user && [user.name, user.email].filter(Boolean).join(", ")],
          ["User ID", userId, "id"],
          ["Organization ID", orgId, "id"],
          [status === "expired" ? "Expired" : "Expires", [dayAndTime(expiresAt), left]],
          ["Token ID", tokenId, "id"],
        ]}
      />
      {status === "active" && <Share link={link} />}
      <div class="buttons apart">
        <Button icon={Plus} onClick={newForm}>
          Create another
        </Button>
        {status === "active" && <RevokeButton token={link} />}
      </div>
    </Card>
  );
}

function Share({ link }: { link: Link }) {
  const [isRevealed, setRevealed] = useState(false);
  const [isQrShown, setQrShown] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const copied = { onCopied: () => markShared(link), onRefused: () => setRefused(true) };

  function toggleQr() {
    if (!isQrShown) markShared(link);
    setQrShown(!isQrShown);
  }

  return (
    <>
      <p
        class="secret"
        role="group"
        aria-label="Sign-in link"
        onCopy={() => isRevealed && markShared(link)}
      >
        {isRevealed ? <code>{link.url}</code> : <span aria-label="Hidden">{"•".repeat(24)}</span>}
      </p>
      {isRefused && (
        <Note
          role="alert"
          problem="The browser does not allow copying. Reveal the link and copy it by hand."
        />
      )}
      <div class="buttons">
        <CopyButton class="primary" text={link.url} {...copied}>
          Copy link
        </CopyButton>
        <CopyButton icon={MessageSquareText} text={messageFor(link)} {...copied}>
          Copy as message
        </CopyButton>
        <Button icon={QrCode} aria-pressed={isQrShown} onClick={toggleQr}>
          {isQrShown ? "Hide QR code" : "Show QR code"}
        </Button>
        <Button
          icon={isRevealed ? EyeOff : Eye}
          aria-pressed={isRevealed}
          onClick={() => setRevealed(!isRevealed)}
        >
          {isRevealed ? "Hide" : "Reveal"}
        </Button>
      </div>
      {isQrShown && (
        <div
          class="qr"
          role="img"
          aria-label="QR code of the sign-in link"
          dangerouslySetInnerHTML={{ __html: renderSVG(link.url ?? "", { border: 3 }) }}
        />
      )}
    </>
  );
}

/** Returns the message that an agent pastes into a private chat with the user. */
function messageFor({ url, expiresAt }: Link) {
  return [
    `Here is your sign-in link. It works once, until ${dayAndTimeWithZone(expiresAt)}:`,
    url,
    "Open it yourself and do not forward it: whoever opens it is signed in as you.",
  ].join("\n");
}
