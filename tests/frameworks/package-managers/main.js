// A program in Node.
import { roundTrip } from "./compiled/round-trip.mjs";

console.log(JSON.stringify(await roundTrip(process.env)));
