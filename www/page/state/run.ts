// Runs over a list: creates a link for each user, retries, revokes, and reports its progress.
import { computed, signal } from "@preact/signals";
import type { SignInToken, SignInTokensError } from "clerk-sign-in-tokens";

import type { AnswerCode } from "../../contract.ts";
import type { List } from "../list.ts";
import type { Operation, Row, RowStatus } from "../types.ts";
import { asError, explain, isLost, ownCode, saidBy } from "../errors.ts";
import { announce } from "./announcements.ts";
import { Batch, type Wait, type Work } from "./batch.ts";
import { linkFor } from "./links.ts";
import { createLink, endOf, revokeToken } from "./operations.ts";

/** The run that the Bulk view shows; `undefined` while it shows the form. */
export const run = signal<Run | undefined>(undefined);

/** How far the run is that is under way, in percent. */
export const percent = computed(() => (run.value?.isBusy ? run.value.progress.percent : undefined));

/** Errors that every further request would get too. */
const STOPPING: AnswerCode[] = [
  "secret_key_refused",
  "history_unavailable",
  "session_unavailable",
  "access_unavailable",
  "invalid_notes",
];

const DRAW_EVERY_MS = 250;

interface RunOptions {
  fileName?: string;
  expiresInSeconds: number;
  reason: string;
}

export class Run {
  /** The same in the history of all its requests. */
  id = crypto.randomUUID();
  begunAt = Date.now();
  list;
  options;
  /** What it is doing, or `undefined` for nothing. */
  activity = signal<Operation | undefined>(undefined);
  ending = signal<"done" | "cancelled" | "stopped" | undefined>(undefined);
  /** The error that stopped it. */
  problem = signal<SignInTokensError | undefined>(undefined);
  /** How long it has worked, in milliseconds. */
  took = 0;
  /** Changes at most four times a second, and redraws what reads from the run. */
  #drawn = signal(0);
  /** In the order of the lines. */
  #rows;
  #counts = computed(() => countsOf(this.rows));
  #batch = signal(new Batch());
  #last: Operation = "create";

  constructor(list: List, options: RunOptions) {
    this.list = list;
    this.options = options;
    const skipped = list.problems.map(({ reason, text, ...row }): Row => ({
      ...row,
      userId: text,
      status: "skipped",
      message: reason,
    }));
    const waiting = list.users.map((row): Row => ({ ...row, status: "waiting" }));
    this.#rows = [...waiting, ...skipped].sort((a, b) => a.line - b.line);
  }

  /** All rows, in the order of the lines. */
  get rows() {
    void this.#drawn.value;
    return this.#rows;
  }

  /** How many rows are in each status. */
  get counts() {
    return this.#counts.value;
  }

  /** Of the whole list, or of its links while they are revoked. */
  get progress() {
    const { waiting, sending, created, revoked, not_pending: ended } = this.counts;
    const isRevoking = this.#last === "revoke";
    const total = isRevoking ? created + revoked + ended : this.list.users.length;
    const finished = isRevoking ? revoked + ended : total - waiting - sending;
    const { rate } = this.#batch.value;
    return {
      total,
      finished,
      percent: total > 0 ? Math.floor((finished * 100) / total) : 100,
      rate,
      /** Milliseconds; `undefined` while the rate is 0. */
      left: rate > 0 ? ((total - finished) * 1000) / rate : undefined,
    };
  }

  get waiting(): Wait | undefined {
    return this.isBusy ? this.#batch.value.waiting.value : undefined;
  }

  get isBusy() {
    return this.activity.value !== undefined;
  }

  /** The rows whose create makes no second link: not sent, failed, or lost before an answer. */
  get rowsToRetry() {
    return this.rows.filter(
      ({ status, requestId }) =>
        status === "failed" || status === "waiting" || (status === "unknown" && requestId),
    );
  }

  rowsIn(...statuses: RowStatus[]) {
    return this.rows.filter(({ status }) => statuses.includes(status));
  }

  /**
   * Creates a link for every row. Does nothing during a run: its rows would get a second link.
   *
   * @param rows must have none
   */
  create(rows: Row[]) {
    if (this.isBusy) return undefined;
    for (const row of rows) restart(row);
    return this.#work({
      operation: "create",
      inputs: rows,
      send: (row) => this.#create(row),
      settle: (row, token, error) => this.#settle(row, token, error),
    });
  }

  revokeAll(reason: string) {
    return this.#work({
      operation: "revoke",
      inputs: this.rowsIn("created"),
      send: ({ userId, link }) => {
        const order = this.#order(crypto.randomUUID(), reason);
        return revokeToken({ tokenId: link?.tokenId ?? "", userId }, order);
      },
      settle: (row, _, error) => this.#settleRevoke(row, error),
    });
  }

  /** Starts nothing more, and waits for requests in flight. */
  cancel() {
    this.ending.value = "cancelled";
    this.#batch.value.stop();
  }

  async #work(work: Work<Row>) {
    this.#last = work.operation;
    this.activity.value = work.operation;
    this.ending.value = undefined;
    this.problem.value = undefined;
    this.#batch.value = new Batch();
    this.#drawn.value++;
    const begunAt = Date.now();
    const { length } = work.inputs;
    announce(`${work.operation === "create" ? "Creating" : "Revoking"} ${length} links.`);
    const drawing = setInterval(() => this.#drawn.value++, DRAW_EVERY_MS);
    try {
      await this.#batch.value.run(work);
      this.ending.value ??= "done";
    } catch (error) {
      this.#stopAt(asError(error));
    } finally {
      clearInterval(drawing);
      this.#rows.forEach(end);
      this.took += Date.now() - begunAt;
      this.activity.value = undefined;
      this.#drawn.value++;
    }
    announce(this.#summary());
  }

  async #create(row: Row) {
    const { userId, orgId } = row;
    if (row.status === "waiting") row.status = "sending";
    row.requestId ??= crypto.randomUUID();
    const { expiresInSeconds, reason } = this.options;
    const order = this.#order(row.requestId, reason);
    try {
      return await createLink({ userId, orgId, expiresInSeconds }, order, { source: "run" });
    } catch (error) {
      // The edge function would give the same answer again.
      if (!isLost(asError(error))) row.requestId = undefined;
      throw error;
    }
  }

  #order(requestId: string, reason: string) {
    return { requestId, notes: { reason, runId: this.id, fileName: this.options.fileName } };
  }

  #settle(row: Row, token?: SignInToken, error?: SignInTokensError) {
    if (error && STOPPING.includes(ownCode(error) ?? "not_here")) this.#stopAt(error);
    else if (error) fail(row, error);
    else {
      const link = linkFor(token?.id ?? "");
      update(row, { status: "created", link, earlierUnknown: undefined });
    }
  }

  #settleRevoke(row: Row, error?: SignInTokensError) {
    const end = endOf(error);
    if (end) update(row, { status: end, message: undefined });
    else if (error) row.message = `Not revoked. ${explain(error, "revoke").text}`;
  }

  #stopAt(error: SignInTokensError) {
    this.problem.value = error;
    this.ending.value = "stopped";
    this.#batch.value.stop();
  }

  #summary() {
    const { created, failed, unknown, revoked } = this.counts;
    const parts = Object.entries({ created, failed, unknown, revoked })
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`);
    return `Run ended: ${parts.join(", ")}.`;
  }
}

function countsOf(rows: Row[]) {
  const counts: Record<RowStatus, number> = {
    ...{ waiting: 0, sending: 0, created: 0, skipped: 0 },
    ...{ failed: 0, unknown: 0, revoked: 0, not_pending: 0 },
  };
  for (const { status } of rows) counts[status]++;
  return counts;
}

const update = (row: Row, changes: Partial<Row>) => void Object.assign(row, changes);

/** Moves a row back to the start. One that was unknown keeps what was known of it. */
function restart(row: Row) {
  const { message, error, traceId } = row;
  if (row.status === "unknown") row.earlierUnknown = { message, error, traceId };
  update(row, {
    status: "waiting",
    message: undefined,
    error: undefined,
    traceId: undefined,
  });
}

/** Gives a row the status that an error of its create means. */
function fail(row: Row, error: SignInTokensError) {
  const { code, clerkTraceId: traceId, outcome } = error;
  const message = saidBy(error);
  const status = outcome === "none" ? "failed" : "unknown";
  if (status === "failed" && row.earlierUnknown) unknownAgain(row, message);
  else update(row, { status, message, error: code, traceId });
}

/** Ends a row that the run did not get to: it is unknown if it was before. */
function end(row: Row) {
  if (row.status === "sending") row.status = "waiting";
  if (row.status === "waiting" && row.earlierUnknown) unknownAgain(row);
}

/** @param next what the second create said */
function unknownAgain(row: Row, next?: string) {
  const { message = "", ...rest } = row.earlierUnknown ?? {};
  const both = next ? `${message} Created again: ${next}` : message;
  update(row, { ...rest, status: "unknown", message: both });
}
