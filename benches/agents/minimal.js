// The smallest Worker that creates a token, for the size and the cold start.
import { client } from "client";

/** @type {import("client").Create | undefined} */
let create;

export default {
  /**
   * @param {Request} _request
   * @param {{ SECRET_KEY: string, API_URL: string }} env
   */
  async fetch(_request, { SECRET_KEY, API_URL }) {
    create ??= client(SECRET_KEY, API_URL);
    return Response.json(await create({ userId: "user_1" }));
  },
};
