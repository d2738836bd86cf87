// The program that each bundler bundles into one file, and each package manager runs.
import { roundTrip } from "./compiled/round-trip.mjs";

console.log(JSON.stringify(await roundTrip(process.env)));
