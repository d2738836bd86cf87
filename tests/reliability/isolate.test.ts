import { testIsolate } from "./isolate.ts";

testIsolate(14, { rounds: 2, count: 100 });
