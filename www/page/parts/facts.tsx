// Lists what is known of something, by name. Leaves out what is not known.
import type { ComponentChildren } from "preact";

type Fact = [name: string, value: ComponentChildren, kind?: "id"];

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
