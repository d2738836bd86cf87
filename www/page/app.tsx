// Starts the page. Shows one of the three views to somebody who is logged in, and the gate to
// anybody else.
import { render } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { ConfirmDialog } from "./parts/confirm-dialog.tsx";
import { announcement } from "./state/announcements.ts";
import { takeFile } from "./state/bulk-form.ts";
import { keepFocus } from "./state/focus.ts";
import { guardLinks } from "./state/leaving.ts";
import { percent } from "./state/run.ts";
import { gate, start } from "./state/session.ts";
import { goTo, titleOf, view } from "./state/view.ts";
import { Bulk } from "./views/bulk.tsx";
import { Gate } from "./views/gate.tsx";
import { History } from "./views/history.tsx";
import { NewLink } from "./views/new-link.tsx";
import { TopBar } from "./views/top-bar.tsx";

const VIEWS = { new: NewLink, bulk: Bulk, history: History };

function App() {
  const isOpen = gate.value.state === "open";
  return (
    <>
      {isOpen ? <Shell /> : <Gate {...gate.value} />}
      <ConfirmDialog />
      <p class="for-readers" role="status">
        {announcement.value}
      </p>
    </>
  );
}

function Shell() {
  const View = VIEWS[view.value];
  const main = useRef<HTMLElement>(null);
  const shown = useRef(view.value);
  useFileDrops();
  useEffect(() => {
    const progress = percent.value === undefined ? [] : [`${percent.value}%`];
    document.title = [...progress, titleOf(view.value), "Sign-in links"].join(" · ");
  }, [view.value, percent.value]);
  // As on a new page, screen readers and the keyboard start at the top.
  useLayoutEffect(() => {
    const isNew = shown.current !== view.value || document.activeElement === document.body;
    if (isNew) main.current?.focus();
    shown.current = view.value;
  }, [view.value]);
  return (
    <>
      <TopBar />
      <main ref={main} tabIndex={-1}>
        <View />
      </main>
    </>
  );
}

/**
 * Takes a file dropped anywhere as a list. Otherwise the browser would leave the page to show it.
 */
function useFileDrops() {
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      document.documentElement.classList.toggle("dropping", event.type === "dragover");
    };
    const drop = (event: DragEvent) => {
      over(event);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      goTo("bulk");
      takeFile(file);
    };
    const listening = new AbortController();
    const { signal } = listening;
    addEventListener("dragover", over, { signal });
    addEventListener("dragleave", over, { signal });
    addEventListener("drop", drop, { signal });
    return () => listening.abort();
  }, []);
}

render(<App />, document.querySelector("#page") ?? document.body);
keepFocus();
guardLinks();
start();
