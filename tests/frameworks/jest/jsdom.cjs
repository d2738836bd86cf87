// A jsdom with what it lacks of the web, from Node, as jest-fixed-jsdom makes one.
const { TestEnvironment } = require("jest-environment-jsdom");

const MISSING = ["Headers", "ReadableStream", "Response", "TextDecoder", "TextEncoder", "fetch"];

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of [...MISSING, "AbortController", "AbortSignal"])
      this.global[name] = globalThis[name];
  }
};
