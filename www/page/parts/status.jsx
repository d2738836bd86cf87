// Shows a status as an icon and a word. The colour only repeats them.
import { Icon } from "./icon.jsx";

/** @import { IconName } from "./icon.jsx" */

/** @satisfies {Record<string, [string, IconName, string]>} */
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
};

/** @typedef {keyof typeof STATUSES} StatusName */

/** @param {{ of: StatusName }} props */
export function Status({ of }) {
  const [word, icon, tone] = STATUSES[of];
  return (
    <span class={`status ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
