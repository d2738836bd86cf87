// Logs in, and continues work after a session has ended.
import { computed, signal } from "@preact/signals";
import { SignInTokensError } from "clerk-sign-in-tokens";

import { ROUTES, type Session } from "../../contract.ts";
import { isFromAccess } from "./api.ts";
import { isOnline } from "./online.ts";

const found = signal<Session | undefined>(undefined);

/** Who is logged in, and the deployment. Throws while nobody is logged in. */
export const session = computed(() => {
  if (!found.value) throw new Error("nobody is logged in");
  return found.value;
});

export interface Gate {
  /** "failed": the edge function does not answer. "access": Cloudflare Access must log in. */
  state: "loading" | "failed" | "password" | "access" | "open";
  reason?: string;
}

export const gate = signal<Gate>({ state: "loading" });

/** Resolves at the next login. */
let login: PromiseWithResolvers<void> | undefined;

/** Finds out who is logged in. */
export async function start() {
  try {
    const response = await fetch(ROUTES.session, { redirect: "manual" });
    if (response.ok) return open(await response.json());
    if (isFromAccess(response)) return close("access");
    const { errors } = await response.json();
    if (errors[0].code === "session_required") return close("password");
    if (errors[0].code === "access_required") return close("access");
    gate.value = { state: "failed", reason: errors[0].message };
  } catch {
    gate.value = { state: "failed", reason: noAnswer() };
  }
}

/** Logs in with the password. Returns what is wrong with it, if anything. */
export async function logIn(password: string) {
  try {
    const response = await fetch(ROUTES.session, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ password }),
    });
    const answer = await response.json();
    if (!response.ok) return String(answer.errors[0].message);
    open(answer);
    return undefined;
  } catch {
    return noAnswer();
  }
}

/**
 * Asks the edge function for something that it answers at once. Continues after a login.
 *
 * @throws {Error} with a message for the reader
 */
export async function ask(path: string, init?: RequestInit) {
  for (;;) {
    const response = await fetch(path, { ...init, redirect: "manual" }).catch((error) => {
      if (init?.signal?.aborted) throw error;
      throw new Error(noAnswer());
    });
    if (response.ok) return response;
    if (response.status !== 401 && !isFromAccess(response)) {
      const { errors } = await response.json().catch(() => ({}));
      throw new Error(errors?.[0]?.message ?? noAnswer());
    }
    await nextLogin();
  }
}

/**
 * Whether `error` says that the session has ended: then nothing was sent to Clerk, and the request
 * can be repeated. Only the edge function and Access answer 401; Clerk's own errors come with
 * another status, whatever their codes.
 */
export function isLoggedOut(error: unknown) {
  const codes = ["session_required", "access_required"];
  return (
    error instanceof SignInTokensError &&
    error.status === 401 &&
    codes.includes(error.errors[0]?.code)
  );
}

/** Does `work`. If the session has ended, does it once more after a login. */
export async function loggedIn<T>(work: () => Promise<T>) {
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

const noAnswer = () =>
  isOnline.value ? "The edge function did not answer. Try again." : "You are offline.";

function close(state: Gate["state"], reason = gate.value.reason) {
  gate.value = { state, reason };
}

function open(answer: Session) {
  found.value = answer;
  gate.value = { state: "open" };
  login?.resolve();
  login = undefined;
}
