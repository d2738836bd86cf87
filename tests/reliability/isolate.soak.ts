import { randomSeed } from "../support/random.ts";
import { testIsolate } from "./isolate.ts";

testIsolate(randomSeed(), { rounds: 8, count: 1000 });
