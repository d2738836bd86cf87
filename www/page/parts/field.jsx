// Shows a labelled field with its hint or error.
import { useId } from "preact/hooks";

import { Icon } from "./icon.jsx";

/** @import { ComponentChildren } from "preact" */
/** @typedef {{ id: string, "aria-describedby"?: string, "aria-invalid"?: "true" }} ControlProps */

/**
 * @param {object} props
 * @param {string} props.label
 * @param {boolean} [props.optional]
 * @param {string} [props.hint]
 * @param {string} [props.problem]
 * @param {(control: ControlProps) => ComponentChildren} props.children the control, with these attributes
 */
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

/** @param {{ id: string, hint?: string, problem?: string }} props */
export function Note({ id, hint, problem }) {
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

/**
 * Moves the focus to the first control in `form` that matches.
 *
 * @param {HTMLFormElement | null} form
 * @param {string} selector
 */
export function focusFirst(form, selector) {
  const control = form?.querySelector(selector);
  if (control instanceof HTMLElement) control.focus();
}
