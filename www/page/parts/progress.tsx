// Shows how far many requests are, and why they wait.
import { CirclePause } from "lucide-static";
import type { ComponentChildren } from "preact";

import type { Wait } from "../state/batch.ts";
import { now } from "../state/clock.ts";
import { duration } from "../format.ts";
import { Callout } from "./card.tsx";

interface Props {
  label: string;
  max: number;
  value: number;
  waiting?: Wait;
  children: ComponentChildren;
}

export function Progress({ label, max, value, waiting, children }: Props) {
  return (
    <div class="progress">
      <progress max={max} value={value} aria-label={label} />
      <p class="figures">{children}</p>
      {waiting && (
        <Callout tone="doubtful" icon={CirclePause}>
          {textOf(waiting)}
        </Callout>
      )}
    </div>
  );
}

function textOf({ why, until }: Wait) {
  const left = until > now.value ? `in ${duration(until - now.value)}` : "now";
  return {
    rate_limit: `Paused: Clerk’s rate limit is reached. The run continues ${left}.`,
    outage: `Paused: too many requests failed in a row. The run tries one ${left}.`,
    offline: "Paused: you are offline. The run continues once you are online.",
    login: "Paused until you log in.",
  }[why];
}
