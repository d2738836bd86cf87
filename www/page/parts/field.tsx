// Shows a labelled field with its hint or error.
import { useId } from "preact/hooks";

import { Icon } from "./icon.tsx";
import type { ComponentChildren } from "preact";

export type ControlProps = { id: string; "aria-describedby"?: string; "aria-invalid"?: "true" };

interface Props {
  label: string;
  optional?: boolean;
  hint?: string;
  problem?: string;
  /** The control, with these attributes. */
  children: (control: ControlProps) => ComponentChildren;
}

export function Field({ label, optional, hint, problem, children }: Props) {
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

export function Note({ id, hint, problem }: { id: string; hint?: string; problem?: string }) {
  if (problem)
    return (
      <p id={id} class="note wrong">
        <Icon name="warning" />
        {problem}
      </p>
    );
  if (!hint) return null;
  return (
    <p id={id} class="note">
      {hint}
    </p>
  );
}

/** Moves the focus to the first control in `form` that matches. */
export function focusFirst(form: HTMLFormElement | null, selector: string) {
  const control = form?.querySelector(selector);
  if (control instanceof HTMLElement) control.focus();
}
