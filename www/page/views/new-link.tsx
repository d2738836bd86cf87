// Shows the form for one link, the link that replaces it, and advice beside both.
import { useLayoutEffect, useRef } from "preact/hooks";

import { ErrorView, retryAt, retryLabel } from "../parts/error-view.tsx";
import { Field, focusFirst } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { LifetimeField } from "../parts/lifetime-field.tsx";
import { now } from "../state/clock.ts";
import { activeLinks } from "../state/links.ts";
import {
  change,
  unknownFailure,
  failure,
  form,
  isSending,
  problems,
  shown,
  submit,
} from "../state/new-link.ts";
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
      <IdField
        label="User ID"
        name="userId"
        hint="In the Clerk Dashboard, on the user’s page."
        placeholder="user_…"
      />
      <IdField
        label="Organization ID"
        name="orgId"
        optional
        placeholder="org_…"
        hint="The user signs in with this organization active."
      />
      <LifetimeField
        legend="Works for"
        value={form.value.lifetime}
        problem={problems.value.lifetime}
        onChange={(lifetime) => change({ lifetime })}
      />
      <ReasonField value={form.value.reason} onChange={(reason) => change({ reason })} />
      {unknownFailure.value && unknownFailure.value !== failure.value && (
        <ErrorView failure={unknownFailure.value} operation="create" />
      )}
      {failure.value && <ErrorView failure={failure.value} operation="create" />}
      <SubmitButton />
    </form>
  );
}

/** After an error, its label says that a click tries again. */
function SubmitButton() {
  const failed = failure.value;
  const from = failed ? retryAt(failed) : 0;
  const isWaiting = from > now.value;
  const iconAtRest = failed ? "retry" : "plus";
  const icon = isSending.value ? "sending" : iconAtRest;
  return (
    <button class="primary" aria-busy={isSending.value} aria-disabled={isWaiting}>
      <Icon name={icon} />
      {isSending.value ? "Creating…" : submitLabel(failed, from)}
    </button>
  );
}

function submitLabel(failed: typeof failure.value, from: number) {
  if (!failed) return "Create link";
  if (failed.error.outcome !== "unknown") return retryLabel(from);
  return form.value.userId.trim() === failed.params.userId ? "Create again" : "Create link";
}

function IdField({
  name,
  placeholder,
  ...props
}: {
  name: "userId" | "orgId";
  label: string;
  hint: string;
  placeholder: string;
  optional?: boolean;
}) {
  return (
    <Field problem={problems.value[name]} {...props}>
      {(own) => (
        <input
          type="text"
          class="id"
          name={name}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder={placeholder}
          value={form.value[name]}
          onInput={({ currentTarget }) => change({ [name]: currentTarget.value })}
          {...own}
        />
      )}
    </Field>
  );
}

export function ReasonField({
  value,
  onChange,
}: {
  value: string;
  onChange: (reason: string) => void;
}) {
  return (
    <Field label="Reason" optional hint="Such as the ticket’s number. It is kept in the history.">
      {(props) => (
        <input
          type="text"
          name="reason"
          maxLength={200}
          autocomplete="off"
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
          {...props}
        />
      )}
    </Field>
  );
}
