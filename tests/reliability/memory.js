// Run by memory.test.js under --expose-gc: makes 100 000 calls of four kinds and prints what memory came to.
import { pathToFileURL } from "node:url";

// The wasm's memory is nobody's business but this test's.
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    memories.push(this.exports.memory);
  }
};

const { SignInTokens } = await import(pathToFileURL(process.argv[2]));

const TOKEN = JSON.stringify({ object: "sign_in_token", id: "sit_1", status: "pending", user_id: "user_1", created_at: 1, updated_at: 1 });
const client = (fetch) => new SignInTokens({ secretKey: "sk_test_key", fetch });
const succeeding = client(async () => new Response(TOKEN));
const failing = client(async () => new Response('{"errors":[{"code":"c","message":"m","long_message":"l"}]}', { status: 404 }));
const hanging = client(() => new Promise(() => {}));
const shared = new AbortController();

const KINDS = [
  () => succeeding.create({ userId: "user_1" }, { signal: shared.signal }),
  () => failing.revoke("sit_1", { signal: shared.signal }),
  () => {
    const controller = new AbortController();
    const call = hanging.create({ userId: "user_1" }, { signal: controller.signal });
    controller.abort();
    return call;
  },
  () => hanging.create({ userId: "user_1" }, { timeout: 1, signal: shared.signal }),
];

async function calls(count) {
  const batch = 500;
  for (let n = 0; n < count; n += batch) {
    await Promise.allSettled(Array.from({ length: batch }, (_, i) => KINDS[i % KINDS.length]()));
  }
}

async function measure() {
  for (let n = 0; n < 5; n++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { heap: process.memoryUsage().heapUsed, wasm: memories[0].buffer.byteLength };
}

async function droppedClients(count) {
  let refs = Array.from({ length: count }, () => new WeakRef(client(async () => new Response(TOKEN))));
  await measure();
  return refs.filter((ref) => ref.deref()).length;
}

await calls(20_000);
const before = await measure();
await calls(100_000);
const after = await measure();
console.log(JSON.stringify({ before, after, instances: memories.length, clientsLeft: await droppedClients(1000) }));
