// The agent in a browser.
import { answer } from "./agent.js";

// As JSON, like the agents that are asked by HTTP.
globalThis.agent = async (request) => JSON.parse(JSON.stringify(await answer(request)));
