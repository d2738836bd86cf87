// A labelled field, its hint, and what is wrong with it.
import { useId } from "preact/hooks";

import { Icon } from "./icon.jsx";

export function Field({ label, optional, hint, problem, children }) {
  const id = useId();
  const note = `${id}-note`;
  const described = problem || hint ? note : undefined;
  return (
    <div class="field">
      <label for={id}>
        {label} {optional && <span class="muted">(optional)</span>}
      </label>
      {children({
        id,
        "aria-describedby": described,
        "aria-invalid": problem ? "true" : undefined,
      })}
      <Note id={note} hint={hint} problem={problem} />
    </div>
  );
}

export function Note({ id, hint, problem }) {
  if (problem)
    return (
      <p id={id} class="note wrong">
        <Icon name="warning" />
        {problem}
      </p>
    );
  return (
    hint && (
      <p id={id} class="note">
        {hint}
      </p>
    )
  );
}
