// A page that is rendered for each visitor, and asks Next.js to cache what it fetches.
import { headers } from "next/headers";

import { newToken } from "../../token";

export const fetchCache = "default-cache";

export default async function Page() {
  await headers();
  return <p>{await newToken()}</p>;
}
