// Shows a status as an icon and a word. The colour only repeats them.
import { Icon, type IconName } from "./icon.tsx";

const STATUSES = {
  active: ["Active", "created", "good"],
  created: ["Created", "created", "good"],
  revoked: ["Revoked", "ban", "neutral"],
  expired: ["Expired", "clock", "neutral"],
  not_pending: ["Already used or revoked", "check", "neutral"],
  skipped: ["Skipped", "skipped", "neutral"],
  waiting: ["Not started", "clock", "neutral"],
  sending: ["Sending", "sending", "neutral"],
  failed: ["Failed", "failed", "bad"],
  unknown: ["Unknown", "unknown", "doubtful"],
} satisfies Record<string, [word: string, IconName, tone: string]>;

export type StatusName = keyof typeof STATUSES;

export function Status({ of }: { of: StatusName }) {
  const [word, icon, tone] = STATUSES[of];
  return (
    <span class={`status ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
