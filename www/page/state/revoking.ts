// Revokes all links that the history's filters show, after a confirmation with their number.
import { signal } from "@preact/signals";

import { asError } from "../errors.ts";
import { counted, number } from "../format.ts";
import type { Token } from "../types.ts";
import { announce } from "./announcements.ts";
import { Batch } from "./batch.ts";
import { confirm } from "./confirmation.ts";
import { failure, matchingTokens, reload } from "./history.ts";
import { endOf, revokeToken } from "./operations.ts";

/** What the History view shows of it. */
export interface Revoking {
  total: number;
  revoked: number;
  /** Used or revoked before. */
  not_pending: number;
  failed: number;
  isBusy: boolean;
  batch: Batch;
  /** The last error. */
  problem?: string;
}

export const revoking = signal<Revoking | undefined>(undefined);

export async function revokeMatching() {
  if (revoking.value?.isBusy) return;
  revoking.value = undefined;
  try {
    const tokens = await matchingTokens();
    if (tokens.length === 0) failure.value = "No active link matches these filters.";
    else await revokeAll(tokens);
  } catch (error) {
    failure.value = (error as Error).message;
  }
}

async function revokeAll(tokens: Token[]) {
  const links = counted(tokens.length, "link");
  const asked = await confirm({
    title: `Revoke ${links}?`,
    text:
      "All active links that match the filters stop working at once, on every page of the " +
      "history. This cannot be undone.",
    action: `Revoke ${links}`,
    withReason: true,
  });
  if (!asked) return;
  const notes = { reason: asked.reason, runId: crypto.randomUUID() };
  const batch = new Batch();
  const work = { total: tokens.length, revoked: 0, not_pending: 0, failed: 0, isBusy: true, batch };
  const changed = (changes?: Partial<Revoking>) =>
    (revoking.value = { ...Object.assign(work, changes) });
  changed();
  try {
    await batch.run({
      operation: "revoke",
      inputs: tokens,
      send: (token) => revokeToken(token, { requestId: crypto.randomUUID(), notes }),
      settle: (_token, _, error) => {
        const end = endOf(error);
        work[end ?? "failed"]++;
        changed({ problem: end ? undefined : asError(error).message });
      },
    });
  } finally {
    changed({ isBusy: false });
  }
  announce(summaryOf(work));
  await reload();
}

/** "40 of 52 links were revoked. 2 had been used or revoked before." */
export function summaryOf({ total, revoked, not_pending: ended, failed, isBusy }: Revoking) {
  const rest = total - revoked - ended - failed;
  return [
    `${number(revoked)} of ${number(total)} ${isBusy ? "links are" : "links were"} revoked.`,
    ended > 0 && `${number(ended)} had been used or revoked before.`,
    failed > 0 && `${number(failed)} failed.`,
    !isBusy && rest > 0 && `${number(rest)} were not tried.`,
  ]
    .filter(Boolean)
    .join(" ");
}
