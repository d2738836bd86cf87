// The form that creates many: previews the list, runs it, offers what came of it as CSV.
import { createMany } from "clerk-sign-in-tokens/bulk";

import { client } from "./api.js";
import { clearError, showError } from "./error-view.js";
import { lifetimeOf } from "./lifetime.js";
import { readList } from "./list.js";
import { Results } from "./results.js";
import { isLoggedOut, logIn, rateLimit } from "./session.js";

const form = document.querySelector("#bulk");
const { list: area, file: picker, cancel, download } = form.elements;
const submit = form.querySelector("button:not([type])");
const preview = document.querySelector("#bulk-preview");
const problem = document.querySelector("#bulk-problem");

export function startBulk() {
  const seconds = lifetimeOf(form);
  form.onsubmit = (event) => {
    event.preventDefault();
    run(readList(area.value), seconds());
  };
  area.oninput = showPreview;
  area.onpaste = paste;
  picker.onchange = () => load(picker.files[0]);
  form.ondragover = (event) => {
    event.preventDefault();
    form.classList.add("dropping");
  };
  form.ondragleave = () => form.classList.remove("dropping");
  form.ondrop = (event) => {
    event.preventDefault();
    form.classList.remove("dropping");
    load(event.dataTransfer.files[0]);
  };
}

/** Browsers take many seconds to paste some thousand lines, unless it is done for them. */
function paste(event) {
  const text = event.clipboardData.getData("text");
  if (text.length < 10_000) return;
  event.preventDefault();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  showPreview();
}

async function load(file) {
  if (!file) return;
  area.value = await file.text();
  picker.value = "";
  showPreview();
}

function showPreview() {
  const { users, problems, blank } = readList(area.value);
  const parts = [`${users.length.toLocaleString()} to create`];
  if (problems.length > 0)
    parts.push(
      `${problems.length.toLocaleString()} not usable (line ${problems[0].line}: ${problems[0].reason})`,
    );
  if (blank > 0) parts.push(`${blank.toLocaleString()} blank`);
  preview.textContent = area.value === "" ? "" : `${parts.join(", ")}.`;
}

async function run({ users, problems }, expiresInSeconds) {
  clearError(problem);
  if (users.length === 0) {
    preview.textContent = "There is no user id in the list.";
    return area.focus();
  }
  const results = new Results(users.length + problems.length);
  for (const { line, text, reason } of problems) results.unsent(line, text, "not usable", reason);
  const controller = new AbortController();
  setRunning(true, () => controller.abort());
  try {
    const left = await createAll(users, expiresInSeconds, results, controller.signal);
    for (const { line, userId } of left) results.unsent(line, userId, "not begun", "cancelled");
  } catch (error) {
    showError(problem, error, { what: "created" });
  }
  results.finish(controller.signal.aborted ? "Cancelled." : "Done.");
  setRunning(false);
  download.onclick = () => save(results.csv());
}

/** Gives the users that were not begun, after a cancel. */
async function createAll(users, expiresInSeconds, results, signal) {
  const lines = new Map(
    users.map(({ line, ...params }) => [{ ...params, expiresInSeconds }, line]),
  );
  const tokens = client({
    onAttempt: ({ status }) => status === 429 && results.waiting("Clerk asks to wait."),
  });
  let left = [...lines.keys()];
  while (left.length > 0 && !signal.aborted) {
    const sessionEnd = new AbortController();
    const done = new Set();
    try {
      const options = {
        signal: AbortSignal.any([signal, sessionEnd.signal]),
        rateLimit: rateLimit(),
      };
      for await (const { input, token, error } of createMany(tokens, left, options)) {
        if (isLoggedOut(error)) {
          sessionEnd.abort();
          continue;
        }
        done.add(input);
        if (token)
          results.created(
            lines.get(input),
            input.userId,
            token,
            token.createdAt + expiresInSeconds * 1000,
          );
        else results.failed(lines.get(input), input.userId, error);
      }
    } catch (error) {
      if (!signal.aborted && !sessionEnd.signal.aborted) throw error;
    }
    left = left.filter((input) => !done.has(input));
    if (sessionEnd.signal.aborted)
      await logIn("Your session has ended. The list goes on once you have logged in.");
  }
  return left.map((input) => ({ line: lines.get(input), userId: input.userId }));
}

function setRunning(isRunning, onCancel) {
  for (const control of [area, picker, submit, form.elements.amount, form.elements.unit])
    control.disabled = isRunning;
  submit.setAttribute("aria-busy", String(isRunning));
  cancel.hidden = !isRunning;
  cancel.onclick = onCancel;
  download.hidden = isRunning;
  (isRunning ? cancel : download).focus();
}

function save(csv) {
  const url = URL.createObjectURL(new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), {
    href: url,
    download: "sign-in-tokens.csv",
  });
  link.click();
  URL.revokeObjectURL(url);
}
