// Shows a status as an icon and a word. The colour only repeats them.
import {
  Ban,
  Check,
  CircleCheck,
  CircleMinus,
  CircleQuestionMark,
  CircleX,
  Clock,
  LoaderCircle,
} from "lucide-static";

import { Icon } from "./button.tsx";
import type { State } from "../../contract.ts";
import type { RowStatus } from "../types.ts";
import type { Tone } from "./card.tsx";

const STATUSES: Record<State | RowStatus, [word: string, icon: string, tone?: Tone]> = {
  active: ["Active", CircleCheck, "good"],
  created: ["Created", CircleCheck, "good"],
  revoked: ["Revoked", Ban],
  expired: ["Expired", Clock],
  not_pending: ["Already used or revoked", Check],
  skipped: ["Skipped", CircleMinus],
  waiting: ["Not started", Clock],
  sending: ["Sending", LoaderCircle],
  failed: ["Failed", CircleX, "bad"],
  unknown: ["Unknown", CircleQuestionMark, "doubtful"],
};

export function Status({ of }: { of: keyof typeof STATUSES }) {
  const [word, icon, tone = ""] = STATUSES[of];
  return (
    <span class={`status ${tone}`}>
      <Icon of={icon} />
      {word}
    </span>
  );
}
