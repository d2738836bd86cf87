// One question at a time, that has to be answered before something irreversible.
import { signal } from "@preact/signals";

/** @typedef {{ title: string, text: string, action: string, isDangerous?: boolean, answer: (isYes: boolean) => void }} Question */

/** The question that is asked now. */
export const question = signal(/** @type {Question | undefined} */ (undefined));

/**
 * Resolves with whether the answer was yes.
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
