// A server route, with the Worker's bindings.
import { createFileRoute } from "@tanstack/react-router";
import { env } from "cloudflare:workers";

import { roundTrip } from "../../round-trip";

export const Route = createFileRoute("/round-trip")({
  server: { handlers: { POST: async () => Response.json(await roundTrip(env)) } },
});
