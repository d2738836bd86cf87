// Logs in, and continues work after a session has ended.
import { computed, signal } from "@preact/signals";
import { SignInTokensError } from "clerk-sign-in-tokens";

/** @import { Session } from "../types" */

const found = signal(/** @type {Session | undefined} */ (undefined));

/** Who is logged in, and the deployment. Throws while nobody is logged in. */
export const session = computed(() => {
  if (!found.value) throw new Error("nobody is logged in");
  return found.value;
});

/** @typedef {{ state: "loading" | "failed" | "password" | "access" | "open", reason?: string }} GateState */

/**
 * The state of the login: `{ state, reason? }`, with the state "loading", "failed" (the edge function does not answer),
 * "password", "access" (Cloudflare Access must identify the visitor) or "open".
 */
export const gate = signal(/** @type {GateState} */ ({ state: "loading" }));

/** Resolves at the next login. */
let /** @type {PromiseWithResolvers<void> | undefined} */ login;

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

/**
 * Logs in with the password. Returns what is wrong with it, if anything.
 *
 * @param {string} password
 */
export async function logIn(password) {
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
 *
 * @param {unknown} error
 */
export function isLoggedOut(error) {
  const codes = ["session_required", "access_required"];
  return (
    error instanceof SignInTokensError &&
    error.status === 401 &&
    codes.includes(error.errors[0]?.code)
  );
}

/**
 * Does `work`. If the session has ended, does it once more after a login.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function loggedIn(work) {
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

/**
 * @param {GateState["state"]} state
 * @param {string} [reason]
 */
function close(state, reason = gate.value.reason) {
  gate.value = { state, reason };
}

/** @param {Session} answer */
function open(answer) {
  found.value = answer;
  gate.value = { state: "open" };
  login?.resolve();
  login = undefined;
}

/** @param {string} text */
function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
