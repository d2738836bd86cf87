// A login as a Durable Object, named by the random ID in the cookie. Ending it invalidates every copy of the cookie.
import { DurableObject } from "cloudflare:workers";

/** @import { StoredSession } from "./types" */

export class Session extends DurableObject {
  /**
   * Begins the session; it removes itself when it expires.
   *
   * @param {StoredSession} session
   */
  async begin(session) {
    await this.ctx.storage.put("session", session);
    await this.ctx.storage.setAlarm(session.expiresAt);
  }

  /** Returns `{ user, expiresAt }`; `undefined` once the session has ended. */
  async read() {
    /** @type {StoredSession | undefined} */
    const session = await this.ctx.storage.get("session");
    return session && session.expiresAt > Date.now() ? session : undefined;
  }

  async end() {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  alarm() {
    return this.ctx.storage.deleteAll();
  }
}
