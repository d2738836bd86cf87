// The load in workerd.
import { client, type Create } from "client";

import { load } from "./load.ts";

let create: Create | undefined;

export default {
  async fetch({ url }: Request, { SECRET_KEY, API_URL }: { SECRET_KEY: string; API_URL: string }) {
    create ??= client(SECRET_KEY, API_URL);
    return Response.json(await load(create, url));
  },
};
