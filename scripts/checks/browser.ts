// npm run test:browser: the tests that need Chromium.
import { pack } from "../pack.ts";
import { testInChromium } from "./bindings.ts";
import { testTarball } from "./tarball.ts";

const FILES = [
  "admin-page",
  "runtimes/runtimes",
  "www/**/*",
  "examples/redeem",
  "support/browser",
].map((name) => `tests/${name}.test.{js,ts}`);

testInChromium();
process.exitCode = testTarball(pack({ reuse: true }), FILES);
