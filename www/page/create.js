// The form that creates one token, and the token at once: hidden until it is revealed.
import { renderSVG } from "uqr";

import { tokens } from "./api.js";
import { element } from "./dom.js";
import { clearError, showError } from "./error-view.js";
import { duration, everySecond, lifetimeOf } from "./lifetime.js";
import { loggedIn } from "./session.js";
import { addRow } from "./tokens.js";

const form = document.querySelector("#create");
const card = document.querySelector("#created");
const problem = document.querySelector("#create-problem");

export function startCreate() {
  const seconds = lifetimeOf(form);
  form.onsubmit = (event) => {
    event.preventDefault();
    const { userId, orgId } = form.elements;
    create({
      userId: userId.value.trim(),
      orgId: orgId.value.trim() || undefined,
      expiresInSeconds: seconds(),
    });
  };
}

async function create(params) {
  const button = form.querySelector("button");
  clearError(problem);
  card.hidden = true;
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    const token = await loggedIn(() => tokens.create(params));
    const expiresAt = token.createdAt + params.expiresInSeconds * 1000;
    const row = addRow(token, expiresAt);
    showToken(token, expiresAt, row);
  } catch (error) {
    showError(problem, error, { what: "created", retry: () => create(params) });
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

function showToken(token, expiresAt, row) {
  const left = element("strong", { class: "left" });
  // Neither the text nor the picture is in the document before it is asked for.
  const field = element("input", {
    type: "text",
    readonly: true,
    "aria-label": "Ticket URL",
    value: "•".repeat(40),
  });
  const picture = element("div", {
    class: "qr",
    role: "img",
    "aria-label": "QR code of the ticket URL",
    hidden: true,
  });
  const note = element("small", { role: "status" });
  const reveal = element(
    "button",
    { type: "button", class: "outline", "aria-pressed": "false", onclick: toggle },
    "Reveal",
  );
  const copy = element("button", { type: "button", onclick: copyUrl }, "Copy");
  card.replaceChildren(
    element("h3", { id: "created-title" }, "Token for ", element("code", {}, token.userId)),
    element(
      "p",
      {},
      "Whoever opens this URL is signed in as this user. It works once, and for ",
      left,
      " more.",
    ),
    element("div", { class: "secret" }, field, reveal, copy),
    note,
    picture,
  );
  card.hidden = false;
  card.focus();
  everySecond(() => {
    // The card may show another token by now.
    if (!card.contains(left)) return false;
    left.textContent = duration(expiresAt - Date.now());
    card.hidden = !row.isPending();
    return row.isPending();
  });

  function toggle() {
    const isRevealed = picture.hidden;
    field.value = isRevealed ? token.url : "•".repeat(40);
    picture.hidden = !isRevealed;
    picture.innerHTML = isRevealed ? renderSVG(token.url, { border: 4 }) : "";
    reveal.textContent = isRevealed ? "Hide" : "Reveal";
    reveal.setAttribute("aria-pressed", String(isRevealed));
  }

  async function copyUrl() {
    try {
      await navigator.clipboard.writeText(token.url);
      note.textContent = "Copied.";
    } catch {
      note.textContent = "The browser does not allow it: reveal the URL and copy it by hand.";
    }
  }
}
