// State of the form for a run: the list, pasted or from a file, and the lifetime of its links.
import { computed, signal } from "@preact/signals";

import { readList } from "../list.ts";
import { lifetime, problemOfLifetime, secondsOf } from "./lifetime.ts";
import { Run, run } from "./run.ts";
import type { LifetimeChoice, Problems } from "../types.ts";

const WEEK = 604_800;
const NO_LIST = "Add at least one user ID.";

/** Longer texts take browsers many seconds to paste and draw. */
const LONGEST_IN_FIELD = 100_000;

export type ListFile = { name: string; size: number; content: string | Uint8Array };
export type BulkForm = { text: string; file?: ListFile; reason: string; lifetime: LifetimeChoice };

const edited = signal<BulkForm | undefined>(undefined);

/** The content of the form. */
export const form = computed(
  (): BulkForm => edited.value ?? { text: "", reason: "", lifetime: lifetime(WEEK) },
);
export const problems = signal<Problems>({});
/** Why a dropped or chosen file was refused. */
export const notice = signal("");

/** The list, parsed; empty while there is none. */
export const list = computed(() => readList(form.value.file?.content ?? form.value.text));

/** Why the list cannot run, once there is one. */
export const problemOfList = computed(() => {
  const { refusal, users } = list.value;
  if (refusal) return `This is no list. It is ${refusal}.`;
  const isGiven = form.value.file || form.value.text.trim();
  return isGiven && users.length === 0 ? "This list has no user IDs of Clerk’s." : undefined;
});

export function newForm() {
  edited.value = { ...form.value, text: "", file: undefined };
  problems.value = {};
}

export function change(fields: Partial<BulkForm>) {
  edited.value = { ...form.value, ...fields };
  problems.value = {};
  notice.value = "";
}

/** Loads a file into the form. */
export async function takeFile(file: File) {
  if (run.value) {
    notice.value = `${file.name} was not loaded. Start a new run first.`;
    return;
  }
  const content = new Uint8Array(await file.arrayBuffer());
  change({ file: { name: file.name, size: file.size, content } });
}

/** Loads a long text as a file. Returns false for a short one. */
export function takePaste(text: string) {
  if (text.length < LONGEST_IN_FIELD) return false;
  change({ file: { name: "Pasted list", size: text.length, content: text } });
  return true;
}

/** Starts the run. Returns false if the form has problems. */
export function submit() {
  const { lifetime: chosen, reason } = form.value;
  const found = {
    list: list.value.users.length === 0 ? (problemOfList.value ?? NO_LIST) : undefined,
    lifetime: problemOfLifetime(chosen),
  };
  problems.value = Object.fromEntries(Object.entries(found).filter(([, problem]) => problem));
  if (Object.keys(problems.value).length > 0) return false;
  const fileName = form.value.file?.name.slice(0, 200);
  const options = { fileName, expiresInSeconds: secondsOf(chosen), reason: reason.trim() };
  const begun = new Run(list.value, options);
  run.value = begun;
  // The same list cannot run twice by accident.
  newForm();
  begun.create(begun.rowsIn("waiting"));
  return true;
}
