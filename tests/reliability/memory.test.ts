import { testMemory } from "./memory.ts";

testMemory(10_000);
