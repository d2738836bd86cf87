// A Next.js route handler.
import { signInLink } from "../../../sign-in-link";

export const POST = (request: Request) => signInLink(request, process.env);
