// The program that each bundler makes one file of.
import { roundTrip } from "./compiled/round-trip.mjs";

console.log(JSON.stringify(await roundTrip(process.env)));
