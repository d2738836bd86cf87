// The load: makes a number of creates in any runtime, and counts their results.
import type { Create } from "../clients/package.ts";

/** The query of `url` has the number of calls, the concurrency and the user. */
export async function load(create: Create, url: string | URL) {
  const { count, concurrency, userId } = Object.fromEntries(new URL(url).searchParams);
  const params = { userId, expiresInSeconds: 600 };
  const result = { created: 0, failed: 0 };
  let left = Number(count);
  const worker = async () => {
    while (left-- > 0) {
      try {
        await create(params);
        result.created++;
      } catch {
        result.failed++;
      }
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, worker));
  return result;
}
