// The agent in Bun.
import { handle } from "./agent.js";

const { port } = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: handle });
console.log(`listening on http://127.0.0.1:${port}`);
