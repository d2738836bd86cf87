// A test in TypeScript, which Jest's transformers turn into CommonJS.
import { roundTrip } from "./round-trip";

test("creates and revokes", async () => {
  console.log(JSON.stringify(await roundTrip(process.env)));
});
