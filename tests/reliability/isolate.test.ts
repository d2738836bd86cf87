import { testIsolate } from "./isolate.ts";

testIsolate(14, { rounds: 1, count: 200 });
