// Shows what somebody must know, beside a form.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import { Icon } from "./button.tsx";

interface Props {
  title: string;
  items: [icon: string, point: string, text: string][];
  children?: ComponentChildren;
}

export function Advice({ title, items, children }: Props) {
  const id = useId();
  return (
    <aside class="advice" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {items.map(([icon, point, text]) => (
          <li key={point}>
            <Icon of={icon} />
            <p>
              <strong>{point}</strong> {text}
            </p>
          </li>
        ))}
      </ul>
      {children}
    </aside>
  );
}
