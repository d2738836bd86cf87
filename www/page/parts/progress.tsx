// Shows how far many requests are, and why they wait.
import type { ComponentChildren } from "preact";

import type { Wait } from "../state/batch.ts";
import { now } from "../state/clock.ts";
import { duration } from "../time.ts";
import { Icon } from "./icon.tsx";

interface Props {
  max: number;
  value: number;
  /** The ID of the element with its name. */
  labelledBy: string;
  waiting?: Wait;
  children: ComponentChildren;
}

export function Progress({ max, value, labelledBy, waiting, children }: Props) {
  return (
    <div class="progress">
      <progress max={max} value={value} aria-labelledby={labelledBy} />
      <p class="figures">{children}</p>
      {waiting && (
        <p class="callout doubtful">
          <Icon name="pause" />
          <span>{textOf(waiting)}</span>
        </p>
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
