// Shows what is known of something, and how long it lasts.
import type { ComponentChildren } from "preact";

import { now } from "../state/clock.ts";
import { duration } from "../format.ts";

type Fact = [name: string, value: ComponentChildren, kind?: "id"];

/** Lists what is known of something, by name. Leaves out what is not known. */
export function Facts({ of }: { of: Fact[] }) {
  return (
    <dl class="facts">
      {of
        .filter(([, value]) => value)
        .map(([name, value, kind]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={kind}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Counts down to a moment, every second. Screen readers do not announce it. */
export const Countdown = ({ to }: { to: number }) => <>{duration(to - now.value)}</>;
