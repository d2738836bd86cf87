// Guesses the admin page's password. The limiter allows ten guesses from one full minute to the
// next.
import type { Site } from "./site.ts";

/** The statuses of 12 guesses from one address. */
export const TEN_A_MINUTE = [...Array(10).fill(401), 429, 429];

/**
 * Guesses from the addresses that `addresses(round)` returns, and returns the statuses. If a minute
 * ended meanwhile, guesses anew, from the addresses of another round.
 */
export async function guesses(site: Pick<Site, "url">, addresses: (round: number) => string[]) {
  for (let round = 0; ; round++) {
    // The Worker's clock may be a moment behind.
    const begun = minute(Date.now() - 1000);
    const statuses = [];
    for (const address of addresses(round)) statuses.push(await guess(site, address));
    if (minute(Date.now()) === begun) return statuses;
  }
}

const minute = (time: number) => Math.floor(time / 60_000);

async function guess({ url }: Pick<Site, "url">, address: string) {
  const { status } = await fetch(`${url}/session`, {
    method: "POST",
    body: JSON.stringify({ password: "guess" }),
    headers: { origin: url, "cf-connecting-ip": address },
  });
  return status;
}
