// Shows the page's boxes: cards with a title, and callouts.
import { Check, CircleQuestionMark, TriangleAlert } from "lucide-static";
import type { ComponentChildren, HTMLAttributes } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

import { Icon } from "./button.tsx";

interface TitleProps {
  of: string;
  level?: "h1" | "h2";
  /** A line below it. */
  note?: string;
  id?: string;
  /** What is shown. The heading gets the focus whenever this is another. */
  focusOn?: unknown;
  /** What stands beside it. */
  children?: ComponentChildren;
}

export function Title({ of, level: Heading = "h1", note, id, focusOn, children }: TitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (focusOn) heading.current?.focus();
  }, [focusOn]);
  return (
    <div class="title">
      <div>
        <Heading id={id} ref={heading} tabIndex={focusOn ? -1 : undefined}>
          {of}
        </Heading>
        {note && <p class="muted">{note}</p>}
      </div>
      {children}
    </div>
  );
}

interface CardProps extends Omit<TitleProps, "of" | "id">, Pick<HTMLAttributes, "class" | "role"> {
  title: string;
  beside?: ComponentChildren;
}

export function Card({ title, beside, children, class: kind = "", role, ...rest }: CardProps) {
  const id = useId();
  return (
    <section class={`card ${kind}`} role={role} tabIndex={-1} aria-labelledby={id}>
      <Title of={title} id={id} {...rest}>
        {beside}
      </Title>
      {children}
    </section>
  );
}

export type Tone = "good" | "bad" | "doubtful";

const ICONS = { good: Check, bad: TriangleAlert, doubtful: CircleQuestionMark };

interface CalloutProps {
  tone: Tone;
  icon?: string;
  title?: string;
  role?: "alert";
  children: ComponentChildren;
}

export function Callout({ tone, icon = ICONS[tone], title, role, children }: CalloutProps) {
  return (
    <div class={`callout ${tone}`} role={role}>
      <Icon of={icon} />
      <div>
        {title && <h2>{title}</h2>}
        {children}
      </div>
    </div>
  );
}
