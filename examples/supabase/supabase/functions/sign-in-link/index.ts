// A Supabase Edge Function.
import { signInLink } from "../../../../sign-in-link.ts";

const env = Deno.env.toObject();
Deno.serve((request) => signInLink(request, env));
