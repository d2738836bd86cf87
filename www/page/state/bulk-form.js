// What stands in the form for a run: the list, pasted or from a file, and how long its links work.
import { computed, signal } from "@preact/signals";

import { readList } from "../list.js";
import { lifetime, problemOfLifetime, secondsOf } from "./lifetime.js";
import { Run, run } from "./run.js";
import { session } from "./session.js";

const WEEK = 604_800;

/** Browsers take many seconds to paste longer ones into a field, and to draw it. */
const LONGEST_IN_FIELD = 100_000;

export const form = signal();
/** What is wrong with a field, by its name. */
export const problems = signal({});
/** What was dropped or chosen and could not be taken. */
export const notice = signal("");

/** What the list says, as `readList` reads it. */
export const list = computed(() => readList(form.value?.file?.text ?? form.value?.text ?? ""));

export function newForm() {
  const { lifetime: kept, reason = "" } = form.value ?? {};
  form.value = {
    text: "",
    file: undefined,
    reason,
    lifetime: kept ?? lifetime(WEEK, session.value.maxLifetimeSeconds),
  };
  problems.value = {};
}

export function change(fields) {
  form.value = { ...form.value, ...fields };
  problems.value = {};
  notice.value = "";
}

/** Takes a file in, from wherever it was dropped. */
export async function takeFile(file) {
  if (run.value) {
    notice.value = `${file.name} was not loaded: there is a run. Begin a new one first.`;
    return;
  }
  const text = await file.text();
  change({ file: { name: file.name, size: file.size, text } });
}

/** Takes a long text in like a file; gives whether it did. */
export function takePaste(text) {
  if (text.length < LONGEST_IN_FIELD) return false;
  change({ file: { name: "Pasted list", size: text.length, text } });
  return true;
}

/** Begins the run over what the form says now; gives whether it could. */
export function submit() {
  const { lifetime: chosen, reason } = form.value;
  const found = {
    list: list.value.users.length === 0 && "There is no user ID in the list.",
    lifetime: problemOfLifetime(chosen, session.value.maxLifetimeSeconds),
  };
  problems.value = Object.fromEntries(Object.entries(found).filter(([, problem]) => problem));
  if (Object.keys(problems.value).length > 0) return false;
  run.value = new Run(list.value, { expiresInSeconds: secondsOf(chosen), reason: reason.trim() });
  // The same list is not there to be run twice.
  newForm();
  run.value.create("waiting");
  return true;
}
