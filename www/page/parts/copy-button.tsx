// A button that copies a text, then reads "Copied".
import { useEffect, useState } from "preact/hooks";

import { announce } from "../state/announcements.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";

const SHOWN_MS = 2000;

/**
 * Calls `onCopied` once the text is in the clipboard, `onRefused` if the browser forbids it.
 */
export function CopyButton({
  text = "",
  label,
  icon = "copy",
  kind = "",
  onCopied,
  onRefused,
}: {
  text?: string;
  label: string;
  icon?: IconName;
  kind?: string;
  onCopied?: () => void;
  onRefused?: () => void;
}) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return onRefused?.();
    }
    setCopied(true);
    announce("Copied.");
    return onCopied?.();
  }

  return (
    <button type="button" class={kind} onClick={copy}>
      <Icon name={isCopied ? "check" : icon} />
      {isCopied ? "Copied" : label}
    </button>
  );
}
