// The rows of a run, and how many are in each status.

/** @import { List } from "../list.js" */
/** @import { Row, RowStatus } from "../types" */

export class RunRows {
  /**
   * All rows, in the order of the lines.
   *
   * @type {Row[]}
   */
  all;
  /** @type {Record<RowStatus, number>} */
  counts = {
    waiting: 0,
    created: 0,
    skipped: 0,
    failed: 0,
    unknown: 0,
    revoked: 0,
    not_pending: 0,
  };

  /**
   * @param {List["users"]} users
   * @param {List["problems"]} problems
   */
  constructor(users, problems) {
    /** @type {Row[]} */
    const skipped = problems.map(({ reason, text, ...row }) => ({
      ...row,
      userId: text,
      status: "skipped",
      message: reason,
    }));
    /** @type {Row[]} */
    const waiting = users.map((row) => ({ ...row, status: "waiting" }));
    this.all = [...waiting, ...skipped].sort((a, b) => a.line - b.line);
    for (const { status } of this.all) this.counts[status]++;
  }

  /**
   * Moves a row to another status.
   *
   * @param {Row} row
   * @param {RowStatus} status
   * @param {Partial<Row>} [changes]
   */
  move(row, status, changes) {
    this.counts[row.status]--;
    this.counts[status]++;
    Object.assign(row, changes, { status });
  }
}
