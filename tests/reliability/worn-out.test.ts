import { testWornOut } from "./worn-out.ts";

testWornOut(["Node", "Bun"]);
