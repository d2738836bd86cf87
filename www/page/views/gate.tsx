// Shows the login, the way to Cloudflare Access, or that the edge function does not answer.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { type Gate as State, logIn, start } from "../state/session.ts";

export function Gate({ state, reason }: State) {
  return (
    <main class="gate">
      <p class="brand">
        <Icon name="key" />
        Sign-in links
      </p>
      {state === "loading" && <p class="muted">Loading…</p>}
      {state === "failed" && <Failed reason={reason} />}
      {state === "password" && <Login reason={reason} />}
      {state === "access" && <Access reason={reason} />}
    </main>
  );
}

function Login({ reason }: { reason?: string }) {
  const [problem, setProblem] = useState<string>();
  const [isSending, setSending] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isSending || !input.current) return;
    const password = input.current.value;
    if (password === "") return setProblem("Enter the password.");
    setSending(true);
    const found = await logIn(password);
    setSending(false);
    setProblem(found);
    if (!found || !input.current) return;
    input.current.value = "";
    input.current.focus();
  }

  return (
    <form class="card" onSubmit={submit} noValidate>
      <h1>Log in</h1>
      {reason && <p>{reason}</p>}
      <Field label="Password" problem={problem}>
        {(props) => (
          <input ref={input} type="password" autocomplete="current-password" {...props} />
        )}
      </Field>
      <p role="alert" class="for-readers">
        {problem}
      </p>
      <button class="primary" aria-busy={isSending}>
        {isSending ? "Logging in…" : "Log in"}
      </button>
    </form>
  );
}

function Access({ reason }: { reason?: string }) {
  return (
    <section class="card">
      <h1>Log in with Cloudflare Access</h1>
      <p>{reason ?? "Cloudflare Access protects this page but did not identify you."}</p>
      <div class="buttons">
        <a class="button primary" href="/" target="_blank" rel="noreferrer">
          Open the login in a new tab
        </a>
        <StartAgain label="Continue here" />
      </div>
      <p class="note">Then come back and continue. This tab keeps its links.</p>
    </section>
  );
}

function Failed({ reason }: { reason?: string }) {
  return (
    <section class="card" role="alert">
      <h1>The page cannot be loaded</h1>
      <p>{reason}</p>
      <StartAgain label="Try again" isPrimary />
    </section>
  );
}

/**
 * Finds out again who is logged in. The label changes meanwhile, because the text around it may stay the same.
 */
function StartAgain({ label, isPrimary }: { label: string; isPrimary?: boolean }) {
  const [isTrying, setTrying] = useState(false);

  async function startAgain() {
    if (isTrying) return;
    setTrying(true);
    await start();
    setTrying(false);
  }

  return (
    <button
      type="button"
      class={isPrimary ? "primary" : undefined}
      aria-busy={isTrying}
      onClick={startAgain}
    >
      <Icon name="retry" />
      {isTrying ? "Trying…" : label}
    </button>
  );
}
