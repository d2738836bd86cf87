// Prints the MB of linear memory after an answer of 60 MB whose body is not a web stream, like
// node-fetch's. Runs in Node.
import { Readable } from "node:stream";
import { arrayBuffer, text } from "node:stream/consumers";

let memory: WebAssembly.Memory | undefined;
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args: ConstructorParameters<typeof Instance>) {
    super(...args);
    memory = this.exports.memory as WebAssembly.Memory;
  }
};
const { SignInTokens } = await import("clerk-sign-in-tokens");

const fetch = async () => {
  const body = Readable.from(Array.from({ length: 960 }, () => Buffer.alloc(65_536, "x")));
  const read = { text: () => text(body), arrayBuffer: () => arrayBuffer(body) };
  return { status: 502, headers: new Headers(), body, ...read };
};
const tokens = new SignInTokens({ secretKey: "sk_test_key", maxRetries: 0, fetch });
const { outcome } = await tokens.create({ userId: "user_1" }).catch((error) => error);
if (outcome !== "unknown") throw new Error(`the outcome of the page is ${outcome}`);
console.log(Number(memory?.buffer.byteLength) / 1024 / 1024);
