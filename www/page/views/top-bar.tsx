// Shows the bar above every view: the product, the instance, the views, who is logged in.
import { useState } from "preact/hooks";

import { Icon } from "../parts/icon.tsx";
import { logOut } from "../state/leaving.ts";
import { percent } from "../state/run.ts";
import { session } from "../state/session.ts";
import { view, VIEWS } from "../state/view.ts";

export function TopBar() {
  const [problem, setProblem] = useState<string>();
  const { instance, user } = session.value;
  return (
    <header class="top-bar">
      <div>
        <p class="brand">
          <Icon name="key" />
          Sign-in links
        </p>
        <p class={`badge ${instance === "production" ? "good" : "doubtful"}`}>
          {instance === "production" ? "Production" : "Development"}
        </p>
        <nav aria-label="Views">
          {VIEWS.map(([name, title, icon]) => (
            <a key={name} href={`#${name}`} aria-current={view.value === name ? "page" : undefined}>
              <Icon name={icon} />
              {title}
              {name === "bulk" && percent.value !== undefined && (
                <span class="badge doubtful">{percent.value}%</span>
              )}
            </a>
          ))}
        </nav>
        <p class="who">
          <Icon name="user" />
          <span>{user}</span>
        </p>
        <button type="button" class="quiet" onClick={async () => setProblem(await logOut())}>
          <Icon name="logOut" />
          Log out
        </button>
      </div>
      {problem && (
        <p class="note wrong" role="alert">
          <Icon name="warning" />
          {problem}
        </p>
      )}
    </header>
  );
}
