// Shows icons, and buttons: with an icon, or with a chevron where it opens something.
import { Check, ChevronDown, Copy } from "lucide-static";
import type { ButtonHTMLAttributes } from "preact";
import { useEffect, useState } from "preact/hooks";

import { announce } from "../state/announcements.ts";

/** Shows an icon of Lucide's, given as its SVG. */
export const Icon = ({ of }: { of: string }) => (
  <span class="icon" aria-hidden="true" dangerouslySetInnerHTML={{ __html: of }} />
);

type Props = ButtonHTMLAttributes & {
  icon?: string;
  /** What it says while it is at work. */
  busy?: string | false;
};

export function Button({ icon, busy, children, ...rest }: Props) {
  return (
    <button type="button" aria-busy={Boolean(busy)} {...rest}>
      {icon && <Icon of={icon} />}
      {busy || children}
      {rest["aria-expanded"] !== undefined && <Icon of={ChevronDown} />}
    </button>
  );
}

const COPIED_MS = 2000;

type CopyProps = Props & {
  text?: string;
  /** Called once the text is in the clipboard. */
  onCopied?: () => void;
  /** Called if the browser forbids it. */
  onRefused?: () => void;
};

/** Copies a text, then says "Copied" for a moment. */
export function CopyButton({ text = "", icon = Copy, onCopied, onRefused, ...rest }: CopyProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
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
    <Button {...rest} icon={isCopied ? Check : icon} onClick={copy}>
      {isCopied ? "Copied" : rest.children}
    </Button>
  );
}
