// The load in workerd.
import { client } from "client";

import { load } from "./load.js";

let create;

export default {
  async fetch({ url }, { SECRET_KEY, API_URL }) {
    create ??= client(SECRET_KEY, API_URL);
    return Response.json(await load(create, url));
  },
};
