// Shows the form for one link, the link that replaces it, and advice beside both.
import { useLayoutEffect, useRef } from "preact/hooks";

import { ErrorView, retryAt, retryLabel } from "../parts/error-view.tsx";
import { Field, focusFirst } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { LifetimeField } from "../parts/lifetime-field.tsx";
import { ReasonField } from "../parts/reason-field.tsx";
import { RevokeButton } from "../parts/revoke-button.tsx";
import { UserField } from "../parts/user-field.tsx";
import { now } from "../state/clock.ts";
import { activeLinks } from "../state/links.ts";
import {
  change,
  failure,
  form,
  isSending,
  next,
  problems,
  shown,
  submit,
  unknownFailure,
} from "../state/new-link.ts";
import type { Failure } from "../types.ts";
import { Advice } from "./advice.tsx";
import { LinkResult } from "./link-result.tsx";
import { TabLinks } from "./tab-links.tsx";

export function NewLink() {
  const others = activeLinks().filter((link) => link.source === "form" && link !== shown.value);
  return (
    <div class="with-aside">
      <div class="column">
        {shown.value ? <LinkResult link={shown.value} /> : <NewLinkForm />}
        <TabLinks links={others} />
      </div>
      <Advice />
    </div>
  );
}

function NewLinkForm() {
  const element = useRef<HTMLFormElement>(null);
  // Together with the text, so that no key press in between goes elsewhere.
  useLayoutEffect(() => {
    // Screen readers read a field's error with the field.
    if (Object.keys(problems.value).length > 0) focusFirst(element.current, "[aria-invalid=true]");
  }, [problems.value]);
  // At the start and after "Create another", nothing has the focus.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) focusFirst(element.current, "[name=userId]");
  }, []);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const isTooEarly = failure.value && retryAt(failure.value) > Date.now();
    if (!isTooEarly) submit();
  };
  return (
    <form ref={element} class="card" onSubmit={onSubmit} noValidate>
      <h1>New link</h1>
      <UserField />
      <Field
        label="Organization ID"
        optional
        hint="The user signs in with this organization active."
        problem={problems.value.orgId}
      >
        {(props) => (
          <input
            type="text"
            class="id"
            name="orgId"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            placeholder="org_…"
            value={form.value.orgId}
            onInput={({ currentTarget }) => change({ orgId: currentTarget.value })}
            {...props}
          />
        )}
      </Field>
      <LifetimeField
        legend="Works for"
        value={form.value.lifetime}
        problem={problems.value.lifetime}
        onChange={(lifetime) => change({ lifetime })}
      />
      <ReasonField value={form.value.reason} onChange={(reason) => change({ reason })} />
      {[...new Set([unknownFailure.value, failure.value])].map(
        (failed) =>
          failed && (
            <ErrorView key={failed.at} failure={failed} operation="create">
              <RevokeCreated failed={failed} />
            </ErrorView>
          ),
      )}
      <SubmitButton />
    </form>
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
  const failed = failure.value;
  const from = failed ? retryAt(failed) : 0;
  const isRefused = failed?.error.outcome === "none" && next.value === "create";
  const label = isRefused || from > now.value ? retryLabel(from) : LABELS[next.value];
  const iconAtRest = failed ? "retry" : "plus";
  return (
    <>
      {next.value === "ask" && (
        <p class="note">To ask again for the same link never makes a second one.</p>
      )}
      <button
        class={next.value === "another" ? undefined : "primary"}
        aria-busy={isSending.value}
        aria-disabled={from > now.value}
      >
        <Icon name={isSending.value ? "sending" : iconAtRest} />
        {isSending.value ? "Creating…" : label}
      </button>
    </>
  );
}
