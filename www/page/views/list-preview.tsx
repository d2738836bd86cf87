// Shows what a list contains, before anything is created.
import { Icon } from "../parts/icon.tsx";
import type { List } from "../list.ts";

const SHOWN = 5;

export function ListPreview({ list }: { list: List }) {
  const { users, problems, refusal, blank, columns, omitted, notices } = list;
  if (refusal || users.length + problems.length === 0) return null;
  const carried = columns.length - 1;
  return (
    <section class="preview" aria-label="List preview">
      <p class={users.length > 0 ? "good" : undefined}>
        <Icon name={users.length > 0 ? "created" : "skipped"} />
        <span>
          <strong>{count(users.length, "user")}</strong>
          {carried > 0 && `, ${count(carried, "other column")} for the result`}
          {blank > 0 && `, ${count(blank, "blank line")}`}
        </span>
      </p>
      {problems.length > 0 && (
        <>
          <p class="doubtful">
            <Icon name="skipped" />
            <strong>{count(problems.length, "line")} will be skipped</strong>
          </p>
          <ul>
            {problems.slice(0, SHOWN).map(({ line, text, reason }) => (
              <li key={line}>
                Line {line.toLocaleString()}: {reason}
                {text && (
                  <>
                    {" "}
                    (<code>{text}</code>)
                  </>
                )}
                .
              </li>
            ))}
            {problems.length > SHOWN && <li>And {count(problems.length - SHOWN, "other")}.</li>}
          </ul>
        </>
      )}
      {notices.slice(0, SHOWN).map((notice) => (
        <p key={notice} class="doubtful">
          <Icon name="info" />
          Note: {notice}.
        </p>
      ))}
      {omitted.length > 0 && (
        <p>
          <Icon name="shield" />
          Left out of the result, because they are secrets: {omitted.join(", ")}
        </p>
      )}
    </section>
  );
}

function count(amount: number, noun: string) {
  return `${amount.toLocaleString()} ${noun}${amount === 1 ? "" : "s"}`;
}
