// Puts the page together once somebody is logged in.
import { startBulk } from "./bulk.js";
import { startCreate } from "./create.js";
import { start } from "./session.js";

await start();
startCreate();
startBulk();
