// A Cloudflare Worker.
import { type Env, signInLink } from "../sign-in-link";

export default { fetch: (request: Request, env: Env) => signInLink(request, env) };
