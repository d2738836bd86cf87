// The agent in a browser.
import { call } from "./agent.js";

// As JSON, like the agents that are asked by HTTP.
globalThis.agent = async (request) => JSON.parse(JSON.stringify(await call(request)));
