// Shows a new link. The URL is in no element of the page until somebody reveals it.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { renderSVG } from "uqr";

import { CopyButton } from "../parts/copy-button.tsx";
import { Countdown } from "../parts/countdown.tsx";
import { Icon } from "../parts/icon.tsx";
import { RevokeButton } from "../parts/revoke-button.tsx";
import { Status } from "../parts/status.tsx";
import { handOver, statusOf } from "../state/links.ts";
import { newForm } from "../state/new-link.ts";
import { dayAndTime, dayAndTimeWithZone } from "../time.ts";
import type { Link } from "../types.ts";

const TITLES = {
  active: "Link created",
  expired: "Link expired",
  revoked: "Link revoked",
  not_pending: "Link already used or revoked",
};

export function LinkResult({ link }: { link: Link }) {
  const status = statusOf(link);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), [link]);
  return (
    <section class="card" tabIndex={-1} aria-labelledby="link-title">
      <div class="title">
        <h1 id="link-title" ref={heading} tabIndex={-1}>
          {TITLES[status]}
        </h1>
        <Status of={status} />
      </div>
      <LinkFacts link={link} status={status} />
      {status === "active" && <Handover link={link} />}
      <div class="buttons apart">
        <button type="button" onClick={newForm}>
          <Icon name="plus" />
          Create another
        </button>
        {status === "active" && <RevokeButton token={link} />}
      </div>
    </section>
  );
}

function LinkFacts({ link, status }: { link: Link; status: string }) {
  return (
    <dl class="facts">
      {link.user && (
        <>
          <dt>User</dt>
          <dd>{[link.user.name, link.user.email].filter(Boolean).join(", ")}</dd>
        </>
      )}
      <dt>User ID</dt>
      <dd class="id">{link.userId}</dd>
      {link.orgId && (
        <>
          <dt>Organization ID</dt>
          <dd class="id">{link.orgId}</dd>
        </>
      )}
      <dt>{status === "expired" ? "Expired" : "Expires"}</dt>
      <dd>
        {dayAndTime(link.expiresAt)}
        {status === "active" && (
          <span class="muted">
            , in <Countdown to={link.expiresAt} />
          </span>
        )}
      </dd>
      <dt>Token ID</dt>
      <dd class="id">{link.tokenId}</dd>
    </dl>
  );
}

function Handover({ link }: { link: Link }) {
  const [isRevealed, setRevealed] = useState(false);
  const [isQrShown, setQrShown] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const copied = { onCopied: () => handOver(link), onRefused: () => setRefused(true) };

  function toggleQr() {
    if (!isQrShown) handOver(link);
    setQrShown(!isQrShown);
  }

  return (
    <>
      <p
        class="secret"
        role="group"
        aria-label="Sign-in link"
        onCopy={() => isRevealed && handOver(link)}
      >
        {isRevealed ? <code>{link.url}</code> : <span aria-label="Hidden">{"•".repeat(24)}</span>}
      </p>
      {isRefused && (
        <p class="note wrong" role="alert">
          <Icon name="warning" />
          The browser does not allow copying. Reveal the link and copy it by hand.
        </p>
      )}
      <div class="buttons">
        <CopyButton kind="primary" text={link.url} label="Copy link" {...copied} />
        <CopyButton icon="message" text={messageFor(link)} label="Copy as message" {...copied} />
        <button type="button" aria-pressed={isQrShown} onClick={toggleQr}>
          <Icon name="qrCode" />
          {isQrShown ? "Hide QR code" : "Show QR code"}
        </button>
        <button type="button" aria-pressed={isRevealed} onClick={() => setRevealed(!isRevealed)}>
          <Icon name={isRevealed ? "eyeOff" : "eye"} />
          {isRevealed ? "Hide" : "Reveal"}
        </button>
      </div>
      {isQrShown && <QrCode url={link.url} />}
    </>
  );
}

function QrCode({ url = "" }: { url?: string }) {
  return (
    <div
      class="qr"
      role="img"
      aria-label="QR code of the sign-in link"
      dangerouslySetInnerHTML={{ __html: renderSVG(url, { border: 3 }) }}
    />
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
