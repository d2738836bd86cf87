// Finds users while somebody types: by an address, a name or an ID.
import { signal } from "@preact/signals";

import { type FoundUser, ROUTES, type UserPage } from "../../contract.ts";
import { announce } from "./announcements.ts";
import { change, form } from "./new-link.ts";
import { ask, session } from "./session.ts";

/** How long to wait for the next key before a search is sent. */
const TYPING_MS = 300;
const SHORTEST = 2;
/** IDs of something else, and the start of any ID. */
const OTHER = /^(user_$|(org|sit|sess)_)/;
const ID = /^user_\w+$/;

/** The users that were found; `undefined` for no list. */
export const found = signal<FoundUser[] | undefined>(undefined);
/** What the search says below the field. */
export const note = signal("");

let typing: number | undefined;
let latest = new AbortController();

/** Takes what is in the field now. The address of a user's page in the Dashboard gives the ID. */
export function type(text: string) {
  const [id] = (/^https?:/.test(text.trim()) && text.match(/\buser_\w+/)) || [];
  change({ userId: id ?? text, user: undefined });
  close();
  note.value = "";
  const query = (id ?? text).trim();
  if (session.value.userLookup && query.length >= SHORTEST && !OTHER.test(query))
    typing = window.setTimeout(search, TYPING_MS, query);
}

export function choose(user: FoundUser) {
  change({ userId: user.id, user });
  close();
}

/** Closes the list. Only the search for an ID continues: it shows who that is. */
export function leave() {
  if (!ID.test(form.value.userId.trim())) close();
  found.value = undefined;
}

/** Closes the list, and drops a search that is under way. */
export function close() {
  clearTimeout(typing);
  latest.abort();
  found.value = undefined;
}

async function search(query: string) {
  latest = new AbortController();
  const { signal } = latest;
  try {
    const body = JSON.stringify({ query });
    const headers = { "content-type": "application/json" };
    const response = await ask(ROUTES.users, { method: "POST", body, headers, signal });
    const { users }: UserPage = await response.json();
    if (!signal.aborted) show(query, users);
  } catch (error) {
    if (!signal.aborted) note.value = (error as Error).message;
  }
}

function show(query: string, users: FoundUser[]) {
  const user = users.find(({ id }) => id === query);
  if (user && form.value.userId.trim() === query) return change({ user });
  if (users.length === 0)
    note.value = ID.test(query) ? "No user has this ID." : "No user was found.";
  else found.value = users;
  announce(users.length === 1 ? "1 user found." : `${users.length} users found.`);
  return undefined;
}
