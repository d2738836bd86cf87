// Logs in, and continues work after a session has ended.
import { computed, signal } from "@preact/signals";

import { ROUTES, type Session } from "../../contract.ts";
import { isLoggedOut, offlineError } from "../errors.ts";
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
  const reason = await open();
  if (reason) gate.value = { state: "failed", reason };
}

/** Logs in with the password. Returns what is wrong with it, if anything. */
export function logIn(password: string) {
  const headers = { "content-type": "application/json" };
  return open({ method: "POST", headers, body: JSON.stringify({ password }) });
}

/** Opens the page, or shows the login. Returns why neither can be done. */
async function open(init?: RequestInit) {
  try {
    const response = await fetch(ROUTES.session, { ...init, redirect: "manual" });
    if (isFromAccess(response)) return close("access");
    const answer = await response.json();
    if (!response.ok) {
      const [{ code, message }] = answer.errors;
      if (code === "session_required") return close("password");
      return code === "access_required" ? close("access") : String(message);
    }
    found.value = answer;
    gate.value = { state: "open" };
    login?.resolve();
    login = undefined;
    return undefined;
  } catch {
    return noAnswer();
  }
}

/**
 * Cloudflare Access redirects or answers in HTML, when its login has ended. The request did not
 * reach the edge function.
 */
export function isFromAccess({ type, status, headers }: Response) {
  const isJson = headers.get("content-type")?.startsWith("application/json");
  return type === "opaqueredirect" || (status === 401 && !isJson);
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

/** Does `work` if the browser is online. If the session has ended, does it again after a login. */
export async function loggedIn<T>(work: () => Promise<T>) {
  if (!isOnline.value) throw offlineError();
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
  return undefined;
}
