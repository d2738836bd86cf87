// Tests random calls and bulk runs with a random seed, which stands in the names of the tests.
import { randomSeed } from "../support/random.js";
import { testSeed } from "./test-seed.js";

testSeed(randomSeed());
