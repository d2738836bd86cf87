// Makes as many creates as it is asked for, in whatever runtime this runs, and says how many came to what.
export async function load(create, url) {
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
