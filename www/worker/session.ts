// A login as a Durable Object. Ending it invalidates every copy of the cookie. It does the admin's
// operations, so that a request that a browser sends twice is done once.
import type { CreateSignInTokenParams } from "clerk-sign-in-tokens";
import { DurableObject } from "cloudflare:workers";

import type { Answer } from "./answers.ts";
import { databaseLedger, type Ledger } from "./history.ts";
import { create, type Done, revoke } from "./operations.ts";
import type { Ended, Env, Order } from "./types.ts";

interface Login {
  user: string;
  expiresAt: number;
}

/**
 * How long an answer is kept, in memory only: it has a link. The page gives up after 40 seconds.
 */
const KEPT_MS = 120_000;

/** How long request IDs are kept where no login ends. */
const DAY_MS = 86_400_000;

export class Session extends DurableObject<Env> {
  #answers = new Map<string, Promise<Answer>>();
  #later = (work: Promise<unknown>) => this.ctx.waitUntil(work);

  /** Begins the session; it removes itself when it expires. */
  async begin(login: Login) {
    await this.ctx.storage.put("login", login);
    await this.ctx.storage.setAlarm(login.expiresAt);
  }

  /** Returns the login; `undefined` once the session has ended. */
  async read() {
    const login = await this.ctx.storage.get<Login>("login");
    return login && login.expiresAt > Date.now() ? login : undefined;
  }

  async end() {
    this.#answers.clear();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  alarm() {
    return this.ctx.storage.deleteAll();
  }

  create(order: Order<CreateSignInTokenParams>) {
    return this.#once(order, () => create(this.env, this.#ledger(), order, this.#later));
  }

  revoke(order: Order<string>) {
    const ledger = this.env.DB && databaseLedger(this.env.DB);
    return this.#once(order, () => revoke(this.env, ledger, order, this.#later));
  }

  /** Does what is asked. The same request, sent again, gets the same answer. */
  #once(order: Order<unknown>, work: () => Promise<Done>) {
    const key = JSON.stringify(order);
    const known = this.#answers.get(key);
    if (known) return known;
    const done = work();
    const answer = done.then(({ answer }) => answer);
    const forget = () => this.#answers.delete(key);
    this.#answers.set(key, answer);
    done.then(({ isSent }) => (isSent ? setTimeout(forget, KEPT_MS) : forget()), forget);
    return answer;
  }

  /**
   * Without a database, the object keeps the IDs itself. Until an outcome is known, it is unknown.
   */
  #ledger(): Ledger {
    if (this.env.DB) return databaseLedger(this.env.DB);
    const { storage } = this.ctx;
    return {
      async begin(id) {
        const earlier = await storage.get<Ended>(id);
        if (earlier) return earlier;
        await storage.put<Ended>(id, { outcome: "unknown" });
        if (!(await storage.getAlarm())) await storage.setAlarm(Date.now() + DAY_MS);
        return undefined;
      },
      // Nothing may be left of a login that has ended.
      end: async (id, ended) => void ((await storage.get(id)) && (await storage.put(id, ended))),
    };
  }
}
