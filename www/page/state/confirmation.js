// One question at a time, that has to be answered before something irreversible.
import { signal } from "@preact/signals";

/** The question that is asked: `{ title, text, action, isDangerous, answer }`. */
export const question = signal();

/** Resolves with whether the answer was yes. */
export function confirm(asked) {
  question.value?.answer(false);
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer: (isYes) => {
        question.value = undefined;
        resolve(isYes);
      },
    };
  });
}
