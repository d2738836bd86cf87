// The messages for the problems of a sign-in.
import type { Problem } from "./redeem.ts";

/** By Clerk's error code, or by the status of a sign-in that is not complete. */
const MESSAGES: Record<string, string> = {
  ticket_expired_code: "This link has expired. Ask for a new one.",
  ticket_invalid_code: "This link is not valid. Copy the whole link from the message you got.",
  sign_in_token_already_used_code:
    "This link has been used already, and it works only once. If you did not use it, tell us.",
  sign_in_token_revoked_code: "This link has been revoked. Ask for a new one.",
  sign_in_token_cannot_be_used_code: "This link cannot be used any more. Ask for a new one.",
  session_exists: "You are signed in on this browser already. Reload the page.",
  identifier_already_signed_in: "You are signed in to this account already. Reload the page.",
  user_locked: "This account is locked. Contact us.",
  needs_second_factor: "This account also asks for a second factor. Sign in the usual way.",
  needs_client_trust: "This browser is new to your account. Sign in the usual way.",
  too_many_requests: "Too many people are signing in from your network. Try again shortly.",
  no_answer: "No answer came. Check your connection and try again.",
};

/** The problems of a browser that is already signed in, perhaps in another tab. */
const SIGNED_IN = ["session_exists", "identifier_already_signed_in"];

/** The problems after which the same ticket may still work. */
const MAY_RETRY = ["too_many_requests", "no_answer"];

export function messageFor({ code, retryAfter }: Problem) {
  if (code === "too_many_requests" && retryAfter) {
    return `Too many people are signing in from your network. Try again in ${retryAfter} seconds.`;
  }
  return MESSAGES[code] ?? `Signing in did not work (${code}). Ask for a new link.`;
}

export function mayRetry({ code }: Problem) {
  return MAY_RETRY.includes(code);
}

export function isSignedIn({ code }: Problem) {
  return SIGNED_IN.includes(code);
}
