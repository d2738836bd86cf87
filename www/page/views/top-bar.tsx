// Shows the bar above every view: the product, the instance, the views, who is logged in.
import { CircleUserRound, KeyRound, LogOut } from "lucide-static";
import { useState } from "preact/hooks";

import { Button, Icon } from "../parts/button.tsx";
import { Note } from "../parts/field.tsx";
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
          <Icon of={KeyRound} />
          Sign-in links
        </p>
        <p class={`badge ${instance === "production" ? "good" : "doubtful"}`}>
          {instance === "production" ? "Production" : "Development"}
        </p>
        <nav aria-label="Views">
          {VIEWS.map(([name, title, icon]) => (
            <a key={name} href={`#${name}`} aria-current={view.value === name ? "page" : undefined}>
              <Icon of={icon} />
              {title}
              {name === "bulk" && percent.value !== undefined && (
                <span class="badge doubtful">{percent.value}%</span>
              )}
            </a>
          ))}
        </nav>
        <p class="who">
          <Icon of={CircleUserRound} />
          <span>{user}</span>
        </p>
        <Button icon={LogOut} class="quiet" onClick={async () => setProblem(await logOut())}>
          Log out
        </Button>
      </div>
      <Note problem={problem} role="alert" />
    </header>
  );
}
