// Asks for confirmation before something irreversible, one question at a time.
import { signal } from "@preact/signals";

/** @typedef {{ title: string, text: string, action: string, isDangerous?: boolean, answer: (isYes: boolean) => void }} Question */

/** The open question. */
export const question = signal(/** @type {Question | undefined} */ (undefined));

/**
 * Resolves to true if the answer was yes.
 *
 * @param {Omit<Question, "answer">} asked
 * @returns {Promise<boolean>}
 */
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
