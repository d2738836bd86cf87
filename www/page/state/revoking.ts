// Revokes all links that the history's filters show, after a confirmation with their number.
import { signal } from "@preact/signals";

import type { Token } from "../types.ts";
import { announce } from "./announcements.ts";
import { asError } from "./api.ts";
import { Batch } from "./batch.ts";
import { confirm } from "./confirmation.ts";
import { failure, matchingTokens, reload } from "./history.ts";
import { endOf, revokeToken } from "./operations.ts";

/** What the History view shows of it. */
export interface Revoking {
  total: number;
  revoked: number;
  /** Used or revoked before. */
  ended: number;
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
    else await ask(tokens);
  } catch (error) {
    failure.value = (error as Error).message;
  }
}

async function ask(tokens: Token[]) {
  const links = `${tokens.length.toLocaleString()} ${tokens.length === 1 ? "link" : "links"}`;
  const asked = await confirm({
    title: `Revoke ${links}?`,
    text: "All active links that match the filters stop working at once, on every page of the history. This cannot be undone.",
    action: `Revoke ${links}`,
    isDangerous: true,
    withReason: true,
  });
  if (asked) await revoke(tokens, asked.reason);
}

async function revoke(tokens: Token[], reason: string) {
  const [batch, runId] = [new Batch(), crypto.randomUUID()];
  const total = tokens.length;
  const state = { total, revoked: 0, ended: 0, failed: 0, isBusy: true, batch };
  const changed = (changes: Partial<Revoking> = {}) =>
    (revoking.value = { ...Object.assign(state, changes) });
  changed();
  try {
    await batch.run({
      operation: "revoke",
      inputs: tokens,
      send: (token) =>
        revokeToken(token, { requestId: crypto.randomUUID(), notes: { reason, runId } }),
      settle: (_token, _, error) => {
        const end = endOf(error);
        if (end === "revoked") state.revoked++;
        else if (end) state.ended++;
        else state.failed++;
        changed({ problem: end ? undefined : asError(error).message });
      },
    });
  } finally {
    changed({ isBusy: false });
  }
  announce(summaryOf(state));
  await reload();
}

/** "40 of 52 links were revoked. 2 were used or revoked before." */
export function summaryOf({ total, revoked, ended, failed, isBusy }: Omit<Revoking, "batch">) {
  const rest = total - revoked - ended - failed;
  return [
    `${revoked.toLocaleString()} of ${total.toLocaleString()} ${isBusy ? "links are" : "links were"} revoked.`,
    ended > 0 && `${ended.toLocaleString()} had been used or revoked before.`,
    failed > 0 && `${failed.toLocaleString()} failed.`,
    !isBusy && rest > 0 && `${rest.toLocaleString()} were not tried.`,
  ]
    .filter(Boolean)
    .join(" ");
}
