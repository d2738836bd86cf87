// npm run test:browser: the tests that need Chromium.
import { pack } from "../pack.js";
import { testInChromium } from "./bindings.js";
import { testTarball } from "./tarball.js";

const FILES = [
  "tests/runtimes/runtimes.test.js",
  "tests/admin-page.test.js",
  "tests/examples/examples.test.js",
];

testInChromium();
process.exitCode = testTarball(pack({ reuse: true }), { files: FILES });
