// Short announcements for screen readers.
import { signal } from "@preact/signals";

export const announcement = signal("");

/** @param {string} text */
export function announce(text) {
  announcement.value = text;
}
