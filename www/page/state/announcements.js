// What screen readers are told beside what has the focus: few words, and seldom.
import { signal } from "@preact/signals";

export const announcement = signal("");

/** @param {string} text */
export function announce(text) {
  announcement.value = text;
}
