// Runs over a list: creates a link for each user, retries, revokes, and reports its progress.
import { signal } from "@preact/signals";
import { createMany, revokeMany } from "clerk-sign-in-tokens/bulk";

import { explain } from "../words.ts";
import { announce } from "./announcements.ts";
import { asError, client, post, reasonHeader, traceIdOf } from "./api.ts";
import { endLink, hold } from "./links.ts";
import { failureOf, summaryOf } from "./operations.ts";
import { Progress } from "./progress.ts";
import { RunRows } from "./run-rows.ts";
import { isLoggedOut, nextLogin, session } from "./session.ts";
import { beginEntry, endEntry } from "./tab-history.ts";
import type { SignInToken, SignInTokensError } from "clerk-sign-in-tokens";
import type { ManyOptions, ManyResult } from "clerk-sign-in-tokens/bulk";
import type { List } from "../list.ts";
import type { CreateParams, Operation, Row, RowStatus } from "../types.ts";

/** The run that the Bulk view shows; `undefined` while it shows the form. */
export const run = signal<Run | undefined>(undefined);

export type Many = (
  rows: Row[],
  options: ManyOptions,
) => AsyncIterable<ManyResult<CreateParams | string>>;

/** Errors that every further request would get too. */
const STOPPING = ["secret_key_refused", "history_unavailable", "session_unavailable"];

const DRAW_EVERY_MS = 250;

export class Run {
  columns;
  expiresInSeconds;
  /** What it is doing: "create", "revoke", or `undefined` for nothing. */
  activity = signal<Operation | undefined>(undefined);
  /** How it ended: "done", "cancelled" or "stopped". */
  ending = signal<"done" | "cancelled" | "stopped" | undefined>(undefined);
  /** The error that stopped it. */
  problem = signal<SignInTokensError | undefined>(undefined);
  /** Changes at most four times a second, and redraws what reads from the run. */
  #drawn = signal(0);
  progress = new Progress(this.#drawn);
  #rows;
  #reason;
  #stop = new AbortController();
  /** The rows in progress, by the ID in their requests. */
  #byKey = new Map<string, Row>();

  constructor(
    { users, problems, columns }: Pick<List, "users" | "problems" | "columns">,
    { expiresInSeconds, reason }: { expiresInSeconds: number; reason: string },
  ) {
    this.expiresInSeconds = expiresInSeconds;
    this.columns = columns;
    this.#reason = reason;
    this.#rows = new RunRows(users, problems);
  }

  /** All rows, in the order of the lines. */
  get rows() {
    void this.#drawn.value;
    return this.#rows.all;
  }

  /** How many rows are in each status. */
  get counts() {
    void this.#drawn.value;
    return this.#rows.counts;
  }

  get isBusy() {
    return this.activity.value !== undefined;
  }

  rowsIn(...statuses: RowStatus[]) {
    return this.rows.filter(({ status }) => statuses.includes(status));
  }

  /**
   * Creates a link for every row that has one of the `statuses`. Does nothing during a run: its rows would get a second link.
   */
  create(...statuses: RowStatus[]) {
    if (this.isBusy) return undefined;
    const rows = this.rowsIn(...statuses);
    this.#rows.restart(rows);
    const params = ({ userId, orgId }: Row) => ({
      userId,
      orgId,
      expiresInSeconds: this.expiresInSeconds,
    });
    return this.#work(
      "create",
      rows,
      ({ userId }) => userId,
      (left, options) => createMany(this.#client(), left.map(params), options),
    );
  }

  revokeAll() {
    return this.#work(
      "revoke",
      this.rowsIn("created"),
      ({ link }) => link?.tokenId ?? "",
      (left, options) =>
        revokeMany(
          this.#client(),
          left.flatMap(({ link }) => link?.tokenId ?? []),
          options,
        ),
    );
  }

  /** Starts nothing more, and waits for requests in flight. */
  cancel() {
    this.ending.value = "cancelled";
    this.#stop.abort();
  }

  async #work(operation: Operation, rows: Row[], keyOf: (row: Row) => string, many: Many) {
    this.activity.value = operation;
    this.ending.value = undefined;
    this.problem.value = undefined;
    this.#stop = new AbortController();
    this.#byKey = new Map(rows.map((row) => [keyOf(row), row]));
    this.progress.begin(rows.length);
    announce(`${operation === "create" ? "Creating" : "Revoking"} ${rows.length} links.`);
    const drawing = setInterval(() => this.#drawn.value++, DRAW_EVERY_MS);
    try {
      await this.#untilDone(rows, many);
      this.ending.value ??= "done";
    } catch (error) {
      this.problem.value = asError(error);
      this.ending.value = "stopped";
    } finally {
      clearInterval(drawing);
      this.#rows.end();
      this.activity.value = undefined;
      this.progress.goOn();
      this.#drawn.value++;
    }
    announce(this.#summary());
  }

  /** When the session ends, continues after a login. */
  async #untilDone(rows: Row[], many: Many) {
    for (let left = rows; left.length > 0 && !this.#stop.signal.aborted;) {
      const sessionEnd = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, sessionEnd.signal]);
      const done = new Set();
      try {
        const options = { signal, rateLimit: session.value.rateLimit };
        for await (const { input, token, error } of many(left, options)) {
          if (isLoggedOut(error)) {
            sessionEnd.abort();
            continue;
          }
          const row = this.#rowOf(typeof input === "string" ? input : input.userId);
          done.add(row);
          this.#settle(row, token, error);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      left = left.filter((row) => !done.has(row));
      if (!sessionEnd.signal.aborted || this.#stop.signal.aborted) continue;
      this.progress.pause("login");
      await nextLogin();
      this.progress.goOn();
    }
  }

  #rowOf(key: string) {
    const row = this.#byKey.get(key);
    if (!row) throw new Error("no row has this ID");
    return row;
  }

  #settle(row: Row, token?: SignInToken, error?: SignInTokensError) {
    if (error && STOPPING.includes(error.errors[0]?.code)) {
      this.problem.value = error;
      this.ending.value = "stopped";
      this.#stop.abort();
      return this.#note(row, error);
    }
    this.progress.done();
    if (this.activity.value === "revoke") this.#settleRevoke(row, error);
    else if (token) {
      const { orgId, traceId } = row;
      const { expiresInSeconds } = this;
      row.link = hold(token, { orgId, expiresInSeconds, traceId, source: "run" });
      this.#rows.move(row, "created", { earlierUnknown: undefined });
    } else if (error) this.#rows.fail(row, error);
    this.#note(row, error);
  }

  #settleRevoke(row: Row, error?: SignInTokensError) {
    if (error && error.code !== "not_pending") {
      row.message = `Not revoked. ${explain(error, "revoke").text}`;
      return;
    }
    const status = error ? "not_pending" : "revoked";
    if (row.link) endLink(row.link.tokenId, status);
    this.#rows.move(row, status, { message: undefined });
  }

  #client() {
    return client((url, init) => this.#send(url, init), { headers: reasonHeader(this.#reason) });
  }

  async #send(...[url, init]: Parameters<typeof post>) {
    const body = init?.body;
    const key = body ? JSON.parse(String(body)).user_id : String(url).split("/").at(-2);
    const row = this.#rowOf(key);
    if (session.value.history === "tab")
      row.entry ??= beginEntry(this.#entryOf(row, this.activity.value ?? "create"));
    try {
      const response = await post(url, init);
      row.traceId = traceIdOf(response);
      this.progress.answered(response);
      return response;
    } catch (error) {
      this.progress.answered();
      throw error;
    }
  }

  #entryOf({ userId, orgId, link }: Row, operation: Operation) {
    const { expiresInSeconds } = this;
    const entry = {
      actor: session.value.user,
      reason: this.#reason,
      userId,
      orgId,
      expiresInSeconds,
    };
    return { ...entry, operation, tokenId: link?.tokenId };
  }

  /** Completes the row's entry in the tab's own history. */
  #note(row: Row, error?: SignInTokensError) {
    if (!row.entry) return;
    endEntry(
      row.entry,
      error && row.status !== "not_pending" ? failureOf(error) : summaryOf(row.link ?? {}),
    );
    row.entry = undefined;
  }

  #summary() {
    const { created, failed, unknown, revoked } = this.counts;
    const parts = [
      `${created} created`,
      `${failed} failed`,
      `${unknown} unknown`,
      `${revoked} revoked`,
    ];
    return `Run ended: ${parts.filter((part) => !part.startsWith("0 ")).join(", ")}.`;
  }
}
