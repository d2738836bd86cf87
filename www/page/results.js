// What came of a list: progress while it runs, a row for each line, all of it as CSV.
import Papa from "papaparse";

import { element } from "./dom.js";
import { outcomeText } from "./error-view.js";

/** More rows than these nobody reads here; the CSV has all. */
const SHOWN = 500;

const region = document.querySelector("#bulk-progress");
const bar = region.querySelector("progress");
const state = document.querySelector("#bulk-state");
const body = document.querySelector("#bulk-results tbody");
const rest = document.querySelector("#bulk-rest");

export class Results {
  #rows = [];
  #total;
  #count = { created: 0, unknown: 0, failed: 0 };

  constructor(total) {
    this.#total = total;
    body.replaceChildren();
    body.closest(".scroll").hidden = true;
    rest.textContent = "";
    region.hidden = false;
    this.#show("");
  }

  created(line, userId, token, expiresAt) {
    this.#count.created++;
    this.#add({
      line,
      user_id: userId,
      result: "created",
      token_id: token.id,
      url: token.url,
      expires_at: new Date(expiresAt).toISOString(),
    });
  }

  failed(line, userId, error) {
    const { code, outcome, clerkTraceId, errors, message } = error;
    const isUnknown = outcome === "unknown";
    this.#count[isUnknown ? "unknown" : "failed"]++;
    this.#add({
      line,
      user_id: userId,
      result: isUnknown ? "unknown" : "failed",
      error: code,
      clerk_trace_id: clerkTraceId,
      message: [errors[0]?.longMessage ?? message, isUnknown ? outcomeText(outcome, "created") : ""]
        .filter(Boolean)
        .join(" "),
    });
  }

  /** A line that was never sent. */
  unsent(line, text, result, message) {
    this.#count.failed++;
    this.#add({ line, user_id: text, result, message });
  }

  waiting(text) {
    this.#show(text);
  }

  finish(how) {
    this.#show(how);
    const hidden = this.#rows.length - SHOWN;
    if (hidden > 0) rest.textContent = `${hidden.toLocaleString()} more: the CSV has all of them.`;
  }

  /** In the order of the lines. A cell cannot become a formula in a spreadsheet. */
  csv() {
    const columns = [
      "line",
      "user_id",
      "result",
      "token_id",
      "url",
      "expires_at",
      "error",
      "message",
      "clerk_trace_id",
    ];
    const rows = this.#rows.toSorted((a, b) => a.line - b.line);
    return Papa.unparse({ fields: columns, data: rows }, { escapeFormulae: true, newline: "\r\n" });
  }

  #add(row) {
    this.#rows.push(row);
    this.#show("");
    if (this.#rows.length > SHOWN) return;
    body.closest(".scroll").hidden = false;
    const { line, user_id, result, message } = row;
    body.append(
      element(
        "tr",
        {},
        element("td", {}, String(line)),
        element("th", { scope: "row" }, user_id),
        element(
          "td",
          {},
          element(
            "span",
            { class: `status ${result === "created" ? "pending" : "failed"}` },
            result,
          ),
          message ? ` ${message}` : "",
        ),
      ),
    );
  }

  #show(note) {
    const { created, unknown, failed } = this.#count;
    bar.max = this.#total;
    bar.value = this.#rows.length;
    const parts = [
      `${this.#rows.length.toLocaleString()} of ${this.#total.toLocaleString()}`,
      `${created.toLocaleString()} created`,
    ];
    if (failed > 0) parts.push(`${failed.toLocaleString()} not created`);
    if (unknown > 0) parts.push(`${unknown.toLocaleString()} unknown`);
    state.textContent = [parts.join(", "), note].filter(Boolean).join(". ");
  }
}
