// The agent in Deno.
import { handle } from "./agent.js";

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(`listening on http://127.0.0.1:${port}`) }, handle);
