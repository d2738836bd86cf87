// What the emulator keeps between requests.
import type { IncomingHttpHeaders } from "node:http";

import { Faults, type Operation } from "./faults.ts";
import { Frontend } from "./frontend.ts";
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

export function createState(rateLimit: number, signInLimit?: number) {
  const store = new Store();
  return {
    store,
    faults: new Faults(),
    rateLimit: new RateLimit(rateLimit),
    frontend: new Frontend(store, signInLimit),
    requests: [] as Seen[],
  };
}
