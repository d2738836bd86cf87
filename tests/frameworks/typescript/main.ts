// A program in a project without "type": "module", so that TypeScript compiles it to CommonJS.
import { roundTrip } from "./round-trip.js";

async function main() {
  console.log(JSON.stringify(await roundTrip(process.env)));
}

void main();
