// A Worker, built by Vite.
import { roundTrip, type Env } from "../round-trip";

export default {
  async fetch(_request: Request, env: Env) {
    return Response.json(await roundTrip(env));
  },
};
