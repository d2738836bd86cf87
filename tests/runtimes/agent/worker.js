// The agent as a Cloudflare Worker.
import { handle } from "./agent.js";

export default { fetch: handle };
