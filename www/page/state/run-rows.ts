// The rows of a run, and how many are in each status.
import type { SignInTokensError } from "clerk-sign-in-tokens";

import type { List } from "../list.ts";
import type { Row, RowStatus } from "../types.ts";
import { saidBy } from "../errors.ts";

const ZERO = { waiting: 0, sending: 0, created: 0, skipped: 0 };

export class RunRows {
  /** All rows, in the order of the lines. */
  all;
  counts: Record<RowStatus, number> = {
    ...ZERO,
    failed: 0,
    unknown: 0,
    revoked: 0,
    not_pending: 0,
  };

  constructor(users: List["users"], problems: List["problems"]) {
    const skipped = problems.map(({ reason, text, ...row }): Row => ({
      ...row,
      userId: text,
      status: "skipped",
      message: reason,
    }));
    const waiting = users.map((row): Row => ({ ...row, status: "waiting" }));
    this.all = [...waiting, ...skipped].sort((a, b) => a.line - b.line);
    for (const { status } of this.all) this.counts[status]++;
  }

  /** Moves rows back to the start. One that was unknown keeps what was known of it. */
  restart(rows: Row[]) {
    for (const row of rows) {
      const { message, error, traceId } = row;
      if (row.status === "unknown") row.earlierUnknown = { message, error, traceId };
      this.move(row, "waiting", { message: undefined, error: undefined, traceId: undefined });
    }
  }

  /** Moves a row to the status that an error of its create gives it. */
  fail(row: Row, error: SignInTokensError) {
    const { code, clerkTraceId, outcome } = error;
    const message = saidBy(error);
    if (outcome === "none" && row.earlierUnknown) this.#unknownAgain(row, message);
    else
      this.move(row, outcome === "none" ? "failed" : "unknown", {
        message,
        error: code,
        traceId: clerkTraceId,
      });
  }

  /** Ends a run: a row that it did not get to is unknown if it was before. */
  end() {
    for (const row of this.all) {
      if (row.status === "sending") this.move(row, "waiting");
      if (row.status === "waiting" && row.earlierUnknown) this.#unknownAgain(row);
    }
  }

  /** @param next what the second create said */
  #unknownAgain(row: Row, next?: string) {
    const { earlierUnknown: { message = "", ...rest } = {} } = row;
    const both = next ? `${message} Created again: ${next}` : message;
    this.move(row, "unknown", { ...rest, message: both });
  }

  /** Moves a row to another status. */
  move(row: Row, status: RowStatus, changes?: Partial<Row>) {
    this.counts[row.status]--;
    this.counts[status]++;
    Object.assign(row, changes, { status });
  }
}
