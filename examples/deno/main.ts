// Deno: deno run --allow-net --allow-env main.ts
import { signInLink } from "../sign-in-link.ts";

const env = Deno.env.toObject();
Deno.serve({ port: Number(env.PORT ?? 8000) }, (request) => signInLink(request, env));
