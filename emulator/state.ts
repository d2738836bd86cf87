// What the emulator keeps between requests.
import type { IncomingHttpHeaders } from "node:http";

import type { Client } from "./clients.ts";
import { Faults, type Operation } from "./faults.ts";
import { RateLimit } from "./rate-limit.ts";
import { Store } from "./store.ts";

export type State = ReturnType<typeof createState>;

/** A request as tests read it back. */
export interface Seen {
  operation: Operation;
  url: string;
  headers: IncomingHttpHeaders;
  method?: string;
  body?: string;
  /** Of a sign-in. */
  strategy?: string;
  /** Of a sign-in. */
  testingToken?: string;
  /** The bytes of a filled body that went out; see faults.ts. */
  sent?: number;
}

/** The limits are those of 10 seconds, 0 for none. */
export function createState(rateLimit: number, signInLimit: number) {
  return {
    store: new Store(),
    faults: new Faults(),
    rateLimit: new RateLimit(rateLimit),
    signInLimit: new RateLimit(signInLimit),
    /** Of the Frontend API. */
    browsers: new Map<string, Client>(),
    requests: [] as Seen[],
  };
}
