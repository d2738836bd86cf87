// Asks for confirmation before something irreversible, one question at a time.
import { signal } from "@preact/signals";

export interface Asked {
  title: string;
  text: string;
  action: string;
  /** Also asks for a reason, which the history keeps. */
  withReason?: boolean;
}

export interface Question extends Asked {
  /** `undefined` for no. */
  answer: (given?: { reason: string }) => void;
}

/** The open question. */
export const question = signal<Question | undefined>(undefined);

/** Resolves to the reason, which may be empty; to `undefined` if the answer was no. */
export function confirm(asked: Asked) {
  question.value?.answer();
  return new Promise<{ reason: string } | undefined>((resolve) => {
    question.value = {
      ...asked,
      answer: (given) => {
        question.value = undefined;
        resolve(given);
      },
    };
  });
}
