// Logs in, and continues work after a session has ended.
import { computed, signal } from "@preact/signals";
import { SignInTokensError } from "clerk-sign-in-tokens";
import type { Session } from "../types.ts";

const found = signal<Session | undefined>(undefined);

/** Who is logged in, and the deployment. Throws while nobody is logged in. */
export const session = computed(() => {
  if (!found.value) throw new Error("nobody is logged in");
  return found.value;
});

export type GateState = {
  state: "loading" | "failed" | "password" | "access" | "open";
  reason?: string;
};

/**
 * The state of the login: `{ state, reason? }`, with the state "loading", "failed" (the edge function does not answer),
 * "password", "access" (Cloudflare Access must identify the visitor) or "open".
 */
export const gate = signal<GateState>({ state: "loading" });

/** Resolves at the next login. */
let login: PromiseWithResolvers<void> | undefined;

/** Finds out who is logged in. */
export async function start() {
  try {
    const response = await fetch("/session", { redirect: "manual" });
    if (response.ok) return open(await response.json());
    // Only Access redirects, to its own login.
    if (response.type === "opaqueredirect") return close("access");
    const { errors } = await response.json();
    if (errors[0].code === "session_required") return close("password");
    if (errors[0].code === "access_required") return close("access");
    gate.value = { state: "failed", reason: sentence(errors[0].message) };
  } catch {
    gate.value = { state: "failed", reason: "The edge function did not answer." };
  }
}

/** Logs in with the password. Returns what is wrong with it, if anything. */
export async function logIn(password: string) {
  try {
    const response = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ password }),
    });
    const answer = await response.json();
    if (!response.ok) return sentence(answer.errors[0].message);
    open(answer);
    return undefined;
  } catch {
    return "The edge function did not answer. Try again.";
  }
}

/**
 * Whether `error` says that the session has ended: then nothing was sent to Clerk, and the request can be repeated. Only the edge
 * function and Access answer 401; Clerk's own errors come with another status, whatever their codes.
 */
export function isLoggedOut(error: unknown) {
  const codes = ["session_required", "access_required"];
  return (
    error instanceof SignInTokensError &&
    error.status === 401 &&
    codes.includes(error.errors[0]?.code ?? "")
  );
}

/** Does `work`. If the session has ended, does it once more after a login. */
export async function loggedIn<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isLoggedOut(error)) throw error;
      await nextLogin();
    }
  }
}

/** Shows the login. Resolves after a login. */
export function nextLogin() {
  login ??= Promise.withResolvers();
  const state = session.value.login === "access" ? "access" : "password";
  close(state, "Your session has ended. Log in to continue where you left off.");
  return login.promise;
}

function close(state: GateState["state"], reason = gate.value.reason) {
  gate.value = { state, reason };
}

function open(answer: Session) {
  found.value = answer;
  gate.value = { state: "open" };
  login?.resolve();
  login = undefined;
}

function sentence(text: string) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
