// Revokes a token that the history does not list, such as one from Clerk's logs.
import { Ban } from "lucide-static";
import { useState } from "preact/hooks";

import { Button } from "../parts/button.tsx";
import { Callout } from "../parts/card.tsx";
import { ErrorView } from "../parts/error-view.tsx";
import { Field, Form, ID } from "../parts/field.tsx";
import { ENDS, useRevoke } from "../parts/revoke-button.tsx";
import { reload } from "../state/history.ts";
import { problemOfId } from "../state/new-link.ts";
import type { Problems } from "../types.ts";

export function RevokeById() {
  const [id, setId] = useState("");
  const [problems, setProblems] = useState<Problems>({});
  const [done, setDone] = useState<string>();
  const tokenId = id.trim();
  const { isBusy, failure, revoke } = useRevoke({ tokenId }, (end) => {
    setId("");
    setDone(`${ENDS[end]} Its token ID is ${tokenId}.`);
    reload();
  });
  const change = (text: string) => {
    setId(text);
    setProblems({});
    setDone(undefined);
  };
  const submit = () => {
    const problem = problemOfId(tokenId, "sit", "token ID");
    return problem ? setProblems({ tokenId: problem }) : revoke();
  };
  return (
    <Form
      class="card column"
      tabIndex={-1}
      aria-labelledby="by-id-title"
      problems={problems}
      onSubmit={submit}
    >
      <h2 id="by-id-title">Revoke a link by its token ID</h2>
      <Field
        {...ID}
        label="Token ID"
        hint="For a link that is not listed here, such as one from Clerk’s Application Logs."
        problem={problems.tokenId}
        name="tokenId"
        placeholder="sit_…"
        value={id}
        onText={change}
      />
      {failure && <ErrorView failure={failure} operation="revoke" />}
      {done && <Callout tone="good">{done}</Callout>}
      <Button type="submit" class="danger-outline" icon={Ban} busy={isBusy && "Revoking…"}>
        Revoke
      </Button>
    </Form>
  );
}
