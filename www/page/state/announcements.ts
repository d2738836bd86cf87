// Short announcements for screen readers.
import { signal } from "@preact/signals";

export const announcement = signal("");

export function announce(text: string) {
  announcement.value = text;
}
