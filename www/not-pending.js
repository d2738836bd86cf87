// The one rule for a revoke that came too late: the page and the Worker ask it before they call a token used or revoked.
import { SignInTokensError } from "clerk-sign-in-tokens";

/**
 * Returns whether a revoke failed because the token was already used or revoked. Only Clerk's own 400 says so: any other refusal,
 * and a proxy's 400, may leave a token that still works. The outcome can be unknown, because an earlier attempt of this revoke
 * may have ended the token.
 *
 * @param {unknown} error
 */
export const isNotPending = (error) =>
  error instanceof SignInTokensError && error.code === "not_pending";
