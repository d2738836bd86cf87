// Revokes a token that the history does not list, such as one from Clerk's logs.
import { useRef, useState } from "preact/hooks";

import { ErrorView } from "../parts/error-view.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { ENDS, useRevoke } from "../parts/revoke-button.tsx";
import { reload } from "../state/history.ts";
import { problemOfId } from "../state/new-link.ts";

export function RevokeById() {
  const [id, setId] = useState("");
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState<string>();
  const tokenId = id.trim();
  const { isBusy, failure, revoke } = useRevoke({ tokenId }, (end) => {
    setId("");
    setDone(`${ENDS[end]} Its token ID is ${tokenId}.`);
    reload();
  });
  const input = useRef<HTMLInputElement>(null);
  const change = (text: string) => {
    setId(text);
    setProblem(undefined);
    setDone(undefined);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = problemOfId(tokenId, "sit", "token ID");
    setProblem(found);
    return found ? input.current?.focus() : revoke();
  };
  return (
    <form class="card column" tabIndex={-1} aria-labelledby="by-id-title" onSubmit={onSubmit}>
      <h2 id="by-id-title">Revoke a link by its token ID</h2>
      <Field
        label="Token ID"
        problem={problem}
        hint="For a link that is not listed here, such as one from Clerk’s Application Logs."
      >
        {(props) => (
          <input
            ref={input}
            type="text"
            class="id"
            name="tokenId"
            placeholder="sit_…"
            autocomplete="off"
            spellcheck={false}
            value={id}
            onInput={({ currentTarget }) => change(currentTarget.value)}
            {...props}
          />
        )}
      </Field>
      {failure && <ErrorView failure={failure} operation="revoke" />}
      {done && (
        <p class="callout good">
          <Icon name="check" />
          {done}
        </p>
      )}
      <button class="danger-outline" aria-busy={isBusy}>
        <Icon name="ban" />
        {isBusy ? "Revoking…" : "Revoke"}
      </button>
    </form>
  );
}
