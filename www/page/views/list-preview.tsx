// Shows what a list contains, before anything is created.
import { CircleCheck, CircleMinus, Info, ShieldCheck } from "lucide-static";
import type { ComponentChildren } from "preact";

import { Icon } from "../parts/button.tsx";
import { counted, number } from "../format.ts";
import type { List } from "../list.ts";

const SHOWN = 5;

export function ListPreview({ list }: { list: List }) {
  const { users, problems, refusal, blank, columns, omitted, notices } = list;
  if (refusal || users.length + problems.length === 0) return null;
  const others = columns.length - 1;
  const isUsable = users.length > 0;
  return (
    <section class="preview" aria-label="List preview">
      <Line icon={isUsable ? CircleCheck : CircleMinus} tone={isUsable ? "good" : undefined}>
        <strong>{counted(users.length, "user")}</strong>
        {others > 0 && `, ${counted(others, "other column")} for the result`}
        {blank > 0 && `, ${counted(blank, "blank line")}`}
      </Line>
      {problems.length > 0 && (
        <>
          <Line icon={CircleMinus} tone="doubtful">
            <strong>{counted(problems.length, "line")} will be skipped</strong>
          </Line>
          <ul>
            {problems.slice(0, SHOWN).map(({ line, text, reason }) => (
              <li key={line}>
                Line {number(line)}: {reason}
                {text && [" (", <code>{text}</code>, ")"]}.
              </li>
            ))}
            {problems.length > SHOWN && <li>And {counted(problems.length - SHOWN, "other")}.</li>}
          </ul>
        </>
      )}
      {notices.slice(0, SHOWN).map((notice) => (
        <Line key={notice} icon={Info} tone="doubtful">
          Note: {notice}.
        </Line>
      ))}
      {omitted.length > 0 && (
        <Line icon={ShieldCheck}>
          Left out of the result, because they are secrets: {omitted.join(", ")}
        </Line>
      )}
    </section>
  );
}

interface LineProps {
  icon: string;
  tone?: "good" | "doubtful";
  children: ComponentChildren;
}

const Line = ({ icon, tone, children }: LineProps) => (
  <p class={tone}>
    <Icon of={icon} />
    <span>{children}</span>
  </p>
);
