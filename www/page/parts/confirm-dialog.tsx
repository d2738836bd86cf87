// Shows the question of `confirm` as a dialog. Escape means no.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { question, type Question as Asked } from "../state/confirmation.ts";
import { Button } from "./button.tsx";
import { ReasonField } from "./field.tsx";

export function ConfirmDialog() {
  const asked = question.value;
  return asked ? <Question key={asked.title} {...asked} /> : null;
}

function Question({ title, text, action, withReason, answer }: Asked) {
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
      {withReason && <ReasonField value={reason} onText={setReason} />}
      <div class="buttons">
        <Button autofocus onClick={() => answer()}>
          Cancel
        </Button>
        <Button class="danger" onClick={() => answer({ reason: reason.trim() })}>
          {action}
        </Button>
      </div>
    </dialog>
  );
}
