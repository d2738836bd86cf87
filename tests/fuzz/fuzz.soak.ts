// Tests more random calls and bulk runs than fuzz.test.ts, also with a random seed, which is in the
// names of the tests.
import { randomSeed } from "../support/random.ts";
import { testSeed } from "./fuzz.ts";

for (const seed of [14, randomSeed()]) testSeed(seed, { calls: 500, bulkRuns: 40 });
