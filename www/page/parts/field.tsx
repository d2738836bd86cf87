// Shows forms, and labelled fields with their hint or error.
import { TriangleAlert } from "lucide-static";
import type { FormHTMLAttributes, InputHTMLAttributes } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

import { Icon } from "./button.tsx";
import type { Problems } from "../types.ts";

type FormProps = Omit<FormHTMLAttributes, "onSubmit"> & {
  /** After a change, the first wrong field gets the focus: screen readers read its error then. */
  problems: Problems;
  /** The first field gets the focus if nothing else has it. */
  takesFocus?: boolean;
  onSubmit: (form: HTMLFormElement) => void;
};

export function Form({ problems, takesFocus, onSubmit, ...rest }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const focus = (selector: string) => form.current?.querySelector<HTMLElement>(selector)?.focus();
  // Together with the text, so that no key press in between goes elsewhere.
  useLayoutEffect(() => {
    if (Object.keys(problems).length > 0) focus("[aria-invalid=true]");
  }, [problems]);
  useLayoutEffect(() => {
    if (takesFocus && document.activeElement === document.body) focus("input");
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (form.current) onSubmit(form.current);
  };
  return <form class="card" {...rest} ref={form} onSubmit={submit} noValidate />;
}

interface NoteProps {
  id?: string;
  hint?: string;
  problem?: string;
  role?: "alert";
}

/** Shows the problem, or else the hint, if there is one. */
export function Note({ id, hint, problem, role }: NoteProps) {
  if (!problem && !hint) return null;
  return (
    <p id={id} class={problem ? "note wrong" : "note"} role={role}>
      {problem && <Icon of={TriangleAlert} />}
      {problem || hint}
    </p>
  );
}

type FieldProps = InputHTMLAttributes &
  Omit<NoteProps, "role"> & {
    label: string;
    optional?: boolean;
    /** Makes it a text area. */
    rows?: number;
    onText?: (text: string) => void;
  };

/** The attributes of fields for IDs. */
export const ID = {
  class: "id",
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: false,
} as const;

export function Field({ label, optional, hint, problem, onText, ...rest }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  const Control = (rest.rows ? "textarea" : "input") as "input";
  return (
    <div class="field">
      <label for={id}>
        {label} {optional && <span class="muted">(optional)</span>}
      </label>
      <Control
        id={id}
        aria-describedby={problem || hint ? note : undefined}
        aria-invalid={problem ? "true" : undefined}
        onInput={({ currentTarget }) => onText?.(currentTarget.value)}
        {...rest}
      />
      <Note id={note} hint={hint} problem={problem} />
    </div>
  );
}

/** Asks why a link is created or revoked. */
export function ReasonField({ onText, value }: Pick<FieldProps, "onText" | "value">) {
  return (
    <Field
      label="Reason"
      optional
      hint="Such as the ticket’s number. It is kept in the history."
      name="reason"
      maxLength={200}
      autocomplete="off"
      value={value}
      onText={onText}
    />
  );
}
