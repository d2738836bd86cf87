import { testMemory } from "./memory.ts";

testMemory(100_000);
