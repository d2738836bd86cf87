// Checks that a request has the admin's token. Put your own authentication in its place.

/**
 * @param {{ headers: { get(name: string): string | null } }} request
 * @param {string | undefined} adminToken
 */
export async function isAdmin(request, adminToken) {
  if (!adminToken) return false;
  const [given, expected] = await Promise.all(
    [request.headers.get("authorization") ?? "", `Bearer ${adminToken}`].map(digest),
  );
  // Comparing digests does not reveal how much of a guess was right.
  return given === expected;
}

/** @param {string} text */
async function digest(text) {
  return new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  ).join();
}
