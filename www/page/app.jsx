// What the page shows: one of its three views once somebody is logged in, else what stands in between.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { ConfirmDialog } from "./parts/confirm-dialog.jsx";
import { announcement } from "./state/announcements.js";
import { takeFile } from "./state/bulk-form.js";
import { gate } from "./state/session.js";
import { goTo, titleOf, view } from "./state/view.js";
import { Bulk } from "./views/bulk.jsx";
import { Gate } from "./views/gate.jsx";
import { History } from "./views/history.jsx";
import { NewLink } from "./views/new-link.jsx";
import { TopBar } from "./views/top-bar.jsx";

const VIEWS = { new: NewLink, bulk: Bulk, history: History };

export function App() {
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
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = useRef(view.value);
  useFileDrops();
  useEffect(() => {
    document.title = `${titleOf(view.value)} · Sign-in links`;
  }, [view.value]);
  // As a new page would: screen readers and the keyboard begin at its top.
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

/** A file that is dropped anywhere is a list. Unhandled, the browser would leave the page to show it. */
function useFileDrops() {
  useEffect(() => {
    const over = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      document.documentElement.classList.toggle("dropping", event.type === "dragover");
    };
    const drop = (/** @type {DragEvent} */ event) => {
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
