// Shows the question of `confirm` as a dialog. Escape means no.
import { useLayoutEffect, useRef } from "preact/hooks";

import { question } from "../state/confirmation.ts";
import type { Question as Asked } from "../state/confirmation.ts";

export function ConfirmDialog() {
  const asked = question.value;
  return asked ? <Question key={asked.title} {...asked} /> : null;
}

function Question({ title, text, action, isDangerous, answer }: Asked) {
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
      onCancel={() => answer(false)}
    >
      <h2 id="question-title">{title}</h2>
      <p id="question-text">{text}</p>
      <div class="buttons end">
        <button type="button" autofocus onClick={() => answer(false)}>
          Cancel
        </button>
        <button
          type="button"
          class={isDangerous ? "danger" : "primary"}
          onClick={() => answer(true)}
        >
          {action}
        </button>
      </div>
    </dialog>
  );
}
