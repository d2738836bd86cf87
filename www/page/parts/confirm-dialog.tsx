// Shows the question of `confirm` as a dialog. Escape means no.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { question, type Question as Asked } from "../state/confirmation.ts";
import { ReasonField } from "./reason-field.tsx";

export function ConfirmDialog() {
  const asked = question.value;
  return asked ? <Question key={asked.title} {...asked} /> : null;
}

function Question({ title, text, action, isDangerous, withReason, answer }: Asked) {
  const [reason, setReason] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  // Closing restores the focus.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="question-title"
      aria-describedby="question-text"
      onCancel={() => answer()}
    >
      <h2 id="question-title">{title}</h2>
      <p id="question-text">{text}</p>
      {withReason && <ReasonField value={reason} onChange={setReason} />}
      <div class="buttons end">
        <button type="button" autofocus onClick={() => answer()}>
          Cancel
        </button>
        <button
          type="button"
          class={isDangerous ? "danger" : "primary"}
          onClick={() => answer({ reason: reason.trim() })}
        >
          {action}
        </button>
      </div>
    </dialog>
  );
}
