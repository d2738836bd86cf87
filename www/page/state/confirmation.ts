// Asks for confirmation before something irreversible, one question at a time.
import { signal } from "@preact/signals";

export type Question = {
  title: string;
  text: string;
  action: string;
  isDangerous?: boolean;
  answer: (isYes: boolean) => void;
};

/** The open question. */
export const question = signal<Question | undefined>(undefined);

/** Resolves to true if the answer was yes. */
export function confirm(asked: Omit<Question, "answer">): Promise<boolean> {
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
