// The smallest Worker that creates a token: its size and its cold start are what a user pays.
import { client } from "client";

let create;

export default {
  async fetch(request, { SECRET_KEY, API_URL }) {
    create ??= client(SECRET_KEY, API_URL);
    return Response.json(await create({ userId: "user_1" }));
  },
};
