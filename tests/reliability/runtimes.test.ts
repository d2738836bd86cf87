// Observes what runtimes do below this package: plain fetch sends requests to a scripted API, which
// records what arrives. The table is in docs/reliability.md; UPDATE_DOCS=1 rewrites it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { checkTable } from "../support/document.ts";
import { SERVERS, type Runtime } from "../support/runtimes.ts";
import { plain, startScripted, type Answer, type Call } from "../support/scripted.ts";

const LIMIT = 64 * 1024;

const answer = (status: number, body: string | Buffer, headers?: string[]): Answer => ({
  status,
  pieces: [{ bytes: plain(status, body, headers), wait: 0 }],
  end: "keep",
});
const OK = answer(200, "{}");
const MISDIRECTED = answer(421, "{}");
const BROKEN: Answer = { status: 0, pieces: [], end: "reset" };
/** An answer that decompresses from 100 KB to 100 MB of zeros. */
const BOMB = answer(200, gzipSync(Buffer.alloc(100_000_000)), ["content-encoding: gzip"]);

interface Init {
  asStream?: boolean;
  headers?: Record<string, string>;
  limit?: number;
}

/** `before` and `after` are the peak memory of the process. */
interface Seen {
  arrived: Call["arrived"];
  before: number | null;
  after: number;
}

interface Behaviour {
  name: string;
  see(ask: (answers: Answer[], init?: Init) => Promise<Seen>): Promise<boolean | undefined>;
  so: string;
}

/**
 * The behaviours. `ask(answers, init)` sends a POST, on the previous connection if that is still
 * open.
 */
const BEHAVIOURS: Behaviour[] = [
  {
    name: "sends a POST again when a kept-alive connection breaks",
    see: async (ask) => (await ask([BROKEN, OK])).arrived.length > 1,
    so: "in Deno the body is a stream, which cannot be sent again",
  },
  {
    name: "… also if its body is a stream",
    see: async (ask) => (await ask([BROKEN, OK], { asStream: true })).arrived.length > 1,
    so: "",
  },
  {
    name: "sends a POST again after a 421",
    see: async (ask) => (await ask([MISDIRECTED, OK])).arrived.length > 1,
    so: "`attempts` counts both as one; a 421 says that the request had no effect",
  },
  {
    name: "decompresses the rest of an aborted answer",
    see: async (ask) => {
      const { before, after } = await ask([BOMB], { limit: LIMIT });
      if (before === null) return undefined;
      // The decompression may come late, or the abort before it: what happens in one of five tries
      // does happen.
      for (let peak = after, left = 4; ; left--) {
        if (peak - before > 40_000) return true;
        if (left === 0) return false;
        peak = (await ask([BOMB], { limit: LIMIT })).after;
      }
    },
    so: "in Bun the limit of 64 KiB bounds what is read, not the peak memory",
  },
  {
    name: "sends a `Host` header that the caller gives",
    see: async (ask) => {
      const { arrived } = await ask([OK], { headers: { host: "elsewhere.example" } });
      return arrived[0].request.headers.host === "elsewhere.example";
    },
    so: "do not take `headers` from an untrusted source",
  },
];

test("runtimes behave as the table in docs/reliability.md says", async () => {
  const names = Object.keys(SERVERS);
  const seen: Awaited<ReturnType<typeof observe>>[] = [];
  for (const start of Object.values(SERVERS)) seen.push(await observe(start));
  const rows = BEHAVIOURS.map(({ name, so }, n) => [
    name,
    ...seen.map((column) => spell(column[n])),
    so,
  ]);
  const head = ["", ...names, "what follows"];
  await checkTable("docs/reliability.md", "runtimes", [head, head.map(() => "---"), ...rows]);
});

function spell(seen: boolean | undefined) {
  if (seen === undefined) return "cannot be seen";
  return seen ? "yes" : "no";
}

/** Observes one runtime. Returns its column, in the order of the table. */
async function observe(start: () => Promise<Runtime>) {
  await using api = await startScripted();
  await using runtime = await start();
  let users = 0;
  const send = async (answers: Answer[], { headers, ...init }: Init = {}) => {
    const user = `user_${users++}`;
    const call: Call = { answers, arrived: [], effects: 0 };
    api.calls.set(user, call);
    const result = await runtime.call({
      plain: {
        url: `${api.url}/v1/sign_in_tokens`,
        body: JSON.stringify({ user_id: user }),
        headers: { authorization: "Bearer sk_test_plain", ...headers },
        ...init,
      },
    });
    return { ...result, arrived: call.arrived };
  };
  const ask = async (answers: Answer[], init?: Init) => {
    const before = await send([OK]);
    assert.equal(before.status, 200, "the first request opens a connection");
    return send(answers, init);
  };
  const seen: (boolean | undefined)[] = [];
  for (const { see } of BEHAVIOURS) seen.push(await see(ask));
  return seen;
}
