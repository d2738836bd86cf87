// A function in Vercel's edge runtime.
import { signInLink } from "../../sign-in-link";

export const config = { runtime: "edge" };

export default function handler(request: Request) {
  return signInLink(request, process.env);
}
