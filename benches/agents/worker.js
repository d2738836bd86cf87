// The load in workerd.
import { client } from "client";

import { load } from "./load.js";

/** @type {import("client").Create | undefined} */
let create;

export default {
  /**
   * @param {Request} request
   * @param {{ SECRET_KEY: string, API_URL: string }} env
   */
  async fetch({ url }, { SECRET_KEY, API_URL }) {
    create ??= client(SECRET_KEY, API_URL);
    return Response.json(await load(create, url));
  },
};
