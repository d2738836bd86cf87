import { testMemory } from "./processes.ts";

testMemory(100_000);
