// The smallest Worker that creates a token, for the size and the cold start.
import { client, type Create } from "client";

let create: Create | undefined;

export default {
  async fetch(_: Request, { SECRET_KEY, API_URL }: { SECRET_KEY: string; API_URL: string }) {
    create ??= client(SECRET_KEY, API_URL);
    return Response.json(await create({ userId: "user_1" }));
  },
};
