// Bun: bun main.ts
import { signInLink } from "../sign-in-link.ts";

const server = Bun.serve({
  port: Bun.env.PORT ?? 3000,
  fetch: (request) => signInLink(request, Bun.env),
});
console.log(`Listening on ${server.url}`);
