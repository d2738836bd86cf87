// Shows the form for one link, the link that replaces it, and advice beside both.
import { Eye, KeyRound, LoaderCircle, Plus, RotateCw, ShieldCheck } from "lucide-static";

import { Advice } from "../parts/advice.tsx";
import { Button, CopyButton } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { ErrorView, retryAt, retryLabel } from "../parts/error-view.tsx";
import { Countdown } from "../parts/facts.tsx";
import { Field, Form, ID, ReasonField } from "../parts/field.tsx";
import { LifetimeField } from "../parts/lifetime-field.tsx";
import { RevokeButton } from "../parts/revoke-button.tsx";
import { UserField } from "../parts/user-field.tsx";
import { now } from "../state/clock.ts";
import { activeLinks, markShared } from "../state/links.ts";
import * as newLink from "../state/new-link.ts";
import type { Failure, Link } from "../types.ts";
import { LinkResult } from "./link-result.tsx";

export function NewLink() {
  const shown = newLink.shown.value;
  const others = activeLinks().filter((link) => link.source === "form" && link !== shown);
  return (
    <div class="with-aside">
      <div class="column">
        {shown ? <LinkResult link={shown} /> : <NewLinkForm />}
        <TabLinks links={others} />
      </div>
      <Advice title="Before you share a link" items={ADVICE} />
    </div>
  );
}

const ADVICE: [icon: string, point: string, text: string][] = [
  [
    KeyRound,
    "It works once.",
    "Mail scanners open links and use them up. Share it in a private chat with that person " +
      "or as a QR code, never in a group channel.",
  ],
  [
    ShieldCheck,
    "Whoever opens it is that user,",
    "without a password or a second factor. Make sure who you are talking to.",
  ],
  [Eye, "To look at an account,", "use Clerk’s impersonation. Its sessions name you as the actor."],
];

function NewLinkForm() {
  const { orgId, lifetime, reason } = newLink.form.value;
  const problems = newLink.problems.value;
  const failure = newLink.failure.value;
  const submit = () => {
    const isTooEarly = failure && retryAt(failure) > Date.now();
    if (!isTooEarly) newLink.submit();
  };
  return (
    <Form problems={problems} takesFocus onSubmit={submit}>
      <h1>New link</h1>
      <UserField />
      <Field
        {...ID}
        label="Organization ID"
        optional
        hint="The user signs in with this organization active."
        problem={problems.orgId}
        name="orgId"
        placeholder="org_…"
        value={orgId}
        onText={(orgId) => newLink.change({ orgId })}
      />
      <LifetimeField
        legend="Works for"
        value={lifetime}
        problem={problems.lifetime}
        onChange={(lifetime) => newLink.change({ lifetime })}
      />
      <ReasonField value={reason} onText={(reason) => newLink.change({ reason })} />
      {[...new Set([newLink.unknownFailure.value, failure])].map(
        (failed) =>
          failed && (
            <ErrorView key={failed.at} failure={failed} operation="create">
              <RevokeCreated failed={failed} />
            </ErrorView>
          ),
      )}
      <SubmitButton />
    </Form>
  );
}

/** Where the answer names the token of an earlier request. */
function RevokeCreated({ failed }: { failed: Failure }) {
  const tokenId = failed.error.errors[0]?.meta?.tokenId;
  return typeof tokenId === "string" ? <RevokeButton token={{ tokenId }} /> : null;
}

const LABELS = { create: "Create link", ask: "Ask again", another: "Create another link" };

/** Its label says what a click does after an error. What may make a second link is not loud. */
function SubmitButton() {
  const failed = newLink.failure.value;
  const isSending = newLink.isSending.value;
  const next = newLink.next.value;
  const from = failed ? retryAt(failed) : 0;
  const isRefused = failed?.error.outcome === "none" && next === "create";
  const iconAtRest = failed ? RotateCw : Plus;
  return (
    <>
      {next === "ask" && (
        <p class="note">To ask again for the same link never makes a second one.</p>
      )}
      <Button
        type="submit"
        class={next === "another" ? undefined : "primary"}
        icon={isSending ? LoaderCircle : iconAtRest}
        busy={isSending && "Creating…"}
        aria-disabled={from > now.value}
      >
        {isRefused || from > now.value ? retryLabel(from) : LABELS[next]}
      </Button>
    </>
  );
}

/** Lists the links that only this tab has, so that a second one does not lose the first. */
function TabLinks({ links }: { links: Link[] }) {
  if (links.length === 0) return null;
  return (
    <Card
      title="Links from this tab"
      level="h2"
      note="Only this tab has them. They are gone when you reload it."
    >
      <ul class="rows">
        {links.map((link) => (
          <li key={link.tokenId}>
            <div>
              <p class="id">{link.userId}</p>
              <p class="muted">
                {link.isShared ? "Shared" : "Not shared yet"}, expires in{" "}
                <Countdown to={link.expiresAt} />
              </p>
            </div>
            <CopyButton text={link.url} onCopied={() => markShared(link)}>
              Copy link
            </CopyButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}
