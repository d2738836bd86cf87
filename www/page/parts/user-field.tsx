// Asks for the user: by an ID, or by a search in a list. Shows who it is before a link is created.
import { useEffect, useId, useState } from "preact/hooks";

import type { FoundUser } from "../../contract.ts";
import { form, problems } from "../state/new-link.ts";
import { session } from "../state/session.ts";
import { choose, close, found, leave, note, type } from "../state/user-search.ts";
import { Field, ID } from "./field.tsx";

export function UserField() {
  const list = useId();
  useEffect(() => close, []);
  const [at, setAt] = useState(-1);
  const users = found.value ?? [];
  const isOpen = users.length > 0;
  const isSearched = session.value.userLookup;
  const pick = (user: FoundUser) => {
    setAt(-1);
    choose(user);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!isOpen) return;
    if (step) setAt((((at + step) % users.length) + users.length) % users.length);
    else if (event.key === "Enter" && users[at]) pick(users[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  const combobox = {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": isOpen,
    "aria-controls": list,
    "aria-activedescendant": users[at] && `${list}-${at}`,
    onKeyDown,
    onBlur: leave,
  } as const;
  return (
    <div class="user-field">
      <Field
        {...ID}
        label={isSearched ? "User" : "User ID"}
        hint={note.value || hintOf(isSearched)}
        problem={problems.value.userId}
        name="userId"
        placeholder={isSearched ? "Email address, name or user_…" : "user_…"}
        value={form.value.userId}
        onText={(text) => {
          setAt(-1);
          type(text);
        }}
        {...(isSearched && combobox)}
      />
      <ul id={list} role="listbox" aria-label="Users" hidden={!isOpen}>
        {users.map((user, index) => (
          <li
            key={user.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(user)}
          >
            <UserCard user={user} />
          </li>
        ))}
      </ul>
      {form.value.user && !isOpen && <UserCard user={form.value.user} />}
    </div>
  );
}

/** A wrong user is the accident that this prevents. */
function UserCard({ user: { id, name, email } }: { user: FoundUser }) {
  return (
    <div class="user-card">
      <span class="initials" aria-hidden="true">
        {initialsOf(name || email || id)}
      </span>
      <div>
        <p>
          <strong>{name || "No name"}</strong>
        </p>
        <p>{email || "No email address"}</p>
        <p class="id muted">{id}</p>
      </div>
    </div>
  );
}

const hintOf = (isSearched: boolean) =>
  isSearched
    ? "Search, or paste the address of the user’s page in the Clerk Dashboard."
    : "In the Clerk Dashboard, on the user’s page.";

function initialsOf(text: string) {
  const words = text.split(/[\s.@_-]+/).filter(Boolean);
  const letters = words.slice(0, 2).map((word) => [...word][0]);
  return letters.join("").toUpperCase();
}
