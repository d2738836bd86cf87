// A Netlify Edge Function.
import { signInLink } from "../../../sign-in-link.ts";

export const config = { path: "/sign-in-link", method: "POST" };

const NAMES = ["CLERK_SECRET_KEY", "CLERK_API_URL", "ADMIN_TOKEN"];

export default function handler(request: Request) {
  const env = Object.fromEntries(NAMES.map((name) => [name, Netlify.env.get(name)]));
  return signInLink(request, env);
}
