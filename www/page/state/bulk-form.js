// What stands in the form for a run: the list, pasted or from a file, and how long its links work.
import { computed, signal } from "@preact/signals";

import { readList } from "../list.js";
import { lifetime, problemOfLifetime, secondsOf } from "./lifetime.js";
import { Run, run } from "./run.js";
import { session } from "./session.js";

/** @import { LifetimeChoice, Problems } from "../types" */

const WEEK = 604_800;

/** Browsers take many seconds to paste longer ones into a field, and to draw it. */
const LONGEST_IN_FIELD = 100_000;

/** @typedef {{ name: string, size: number, text: string }} ListFile */
/** @typedef {{ text: string, file?: ListFile, reason: string, lifetime: LifetimeChoice }} BulkForm */

const edited = signal(/** @type {BulkForm | undefined} */ (undefined));

/** What the form says. */
export const form = computed(() => edited.value ?? emptyForm());
export const problems = signal(/** @type {Problems} */ ({}));
/** What was dropped or chosen and could not be taken. */
export const notice = signal("");

/** What the list says, as `readList` reads it. */
export const list = computed(() => readList(form.value.file?.text ?? form.value.text));

export function newForm() {
  edited.value = { ...form.value, text: "", file: undefined };
  problems.value = {};
}

/** @param {Partial<BulkForm>} fields */
export function change(fields) {
  edited.value = { ...form.value, ...fields };
  problems.value = {};
  notice.value = "";
}

/**
 * Takes a file in, from wherever it was dropped.
 *
 * @param {File} file
 */
export async function takeFile(file) {
  if (run.value) {
    notice.value = `${file.name} was not loaded: there is a run. Begin a new one first.`;
    return;
  }
  const text = await file.text();
  change({ file: { name: file.name, size: file.size, text } });
}

/**
 * Takes a long text in like a file; gives whether it did.
 *
 * @param {string} text
 */
export function takePaste(text) {
  if (text.length < LONGEST_IN_FIELD) return false;
  change({ file: { name: "Pasted list", size: text.length, text } });
  return true;
}

/** Begins the run over what the form says now; gives whether it could. */
export function submit() {
  const { lifetime: chosen, reason } = form.value;
  const found = {
    list: list.value.users.length === 0 ? "Add at least one user ID." : undefined,
    lifetime: problemOfLifetime(chosen, session.value.maxLifetimeSeconds),
  };
  problems.value = Object.fromEntries(Object.entries(found).filter(([, problem]) => problem));
  if (Object.keys(problems.value).length > 0) return false;
  const begun = new Run(list.value, { expiresInSeconds: secondsOf(chosen), reason: reason.trim() });
  run.value = begun;
  // The same list is not there to be run twice.
  newForm();
  begun.create("waiting");
  return true;
}

/** @returns {BulkForm} */
function emptyForm() {
  return { text: "", reason: "", lifetime: lifetime(WEEK, session.value.maxLifetimeSeconds) };
}
