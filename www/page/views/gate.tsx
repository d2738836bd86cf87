// Shows the login, the way to Cloudflare Access, or that the edge function does not answer.
import { KeyRound, RotateCw } from "lucide-static";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { Button, Icon } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { Field, Form } from "../parts/field.tsx";
import { type Gate as State, logIn, start } from "../state/session.ts";
import type { Problems } from "../types.ts";

export function Gate({ state, reason }: State) {
  return (
    <main class="gate">
      <p class="brand">
        <Icon of={KeyRound} />
        Sign-in links
      </p>
      {state === "loading" && <p class="muted">Loading…</p>}
      {state === "failed" && (
        <Card role="alert" title="The page cannot be loaded">
          <p>{reason}</p>
          <StartAgain class="primary">Try again</StartAgain>
        </Card>
      )}
      {state === "password" && <Login reason={reason} />}
      {state === "access" && (
        <Card title="Log in with Cloudflare Access">
          <p>{reason ?? "Cloudflare Access protects this page but did not identify you."}</p>
          <div class="buttons">
            <a class="button primary" href="/" target="_blank" rel="noreferrer">
              Open the login in a new tab
            </a>
            <StartAgain>Continue here</StartAgain>
          </div>
          <p class="note">Then come back and continue. This tab keeps its links.</p>
        </Card>
      )}
    </main>
  );
}

function Login({ reason }: { reason?: string }) {
  const [problems, setProblems] = useState<Problems>({});
  const [isSending, setSending] = useState(false);

  async function submit(form: HTMLFormElement) {
    if (isSending) return;
    const password = String(new FormData(form).get("password"));
    if (password === "") return setProblems({ password: "Enter the password." });
    setSending(true);
    const problem = await logIn(password);
    setSending(false);
    if (!problem) return;
    form.reset();
    setProblems({ password: problem });
  }

  return (
    <Form problems={problems} takesFocus onSubmit={submit}>
      <h1>Log in</h1>
      {reason && <p>{reason}</p>}
      <Field
        label="Password"
        type="password"
        name="password"
        autocomplete="current-password"
        problem={problems.password}
      />
      <p role="alert" class="for-readers">
        {problems.password}
      </p>
      <Button type="submit" class="primary" busy={isSending && "Logging in…"}>
        Log in
      </Button>
    </Form>
  );
}

/**
 * Finds out again who is logged in. The label changes meanwhile, because the text around it may
 * stay the same.
 */
function StartAgain(props: { class?: string; children: ComponentChildren }) {
  const [isTrying, setTrying] = useState(false);

  async function startAgain() {
    if (isTrying) return;
    setTrying(true);
    await start();
    setTrying(false);
  }

  return <Button icon={RotateCw} busy={isTrying && "Trying…"} onClick={startAgain} {...props} />;
}
