import { testWornOut } from "./worn-out.ts";

testWornOut(["Deno", "workerd, nodejs_compat"]);
