// The table of the tokens made in this tab, and what revokes them.
import { tokens } from "./api.js";
import { element } from "./dom.js";
import { clearError, showError } from "./error-view.js";
import { duration, everySecond } from "./lifetime.js";
import { loggedIn } from "./session.js";

const body = document.querySelector("#tokens tbody");
const region = body.closest(".scroll");
const problem = document.querySelector("#revoke-problem");
const dialog = document.querySelector("#confirm");

/** Adds a token; gives `{ isPending() }`. */
export function addRow(token, expiresAt) {
  let status = token.status;
  const [state, left] = [element("td", { class: "status" }), element("td")];
  const button = element(
    "button",
    {
      type: "button",
      class: "small secondary",
      "aria-label": `Revoke the token for ${token.userId}`,
      onclick: ask,
    },
    "Revoke",
  );
  const row = element(
    "tr",
    {},
    element("th", { scope: "row" }, token.userId),
    state,
    left,
    element("td", {}, button),
    element("td", {}, element("code", {}, token.id)),
  );
  body.prepend(row);
  region.hidden = false;
  document.querySelector("#none-yet").hidden = true;
  everySecond(() => {
    if (status === "pending" && Date.now() >= expiresAt) show("expired");
    left.textContent = status === "pending" ? `in ${duration(expiresAt - Date.now())}` : "–";
    return status === "pending";
  });
  show(status);
  return { isPending: () => status === "pending" };

  function show(now) {
    status = now;
    state.textContent = now;
    state.className = `status ${now}`;
    button.hidden = now !== "pending";
    if (now !== "pending") left.textContent = "–";
  }

  async function ask() {
    if (await confirm(token.userId)) await revoke();
  }

  async function revoke() {
    clearError(problem);
    button.disabled = true;
    try {
      show((await loggedIn(() => tokens.revoke(token.id))).status);
    } catch (error) {
      // Not pending any more: used, most likely, or revoked elsewhere.
      if (error.code === "rejected")
        show(/accepted|used/.test(error.errors[0]?.longMessage) ? "accepted" : "not pending");
      showError(problem, error, {
        what: "revoked",
        retry: error.code === "rejected" ? undefined : revoke,
      });
    } finally {
      button.disabled = false;
    }
  }
}

function confirm(userId) {
  dialog.querySelector("p").textContent =
    `The link for ${userId} stops working. This cannot be undone.`;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}
