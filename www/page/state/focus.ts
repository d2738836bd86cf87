// When the focused element disappears, moves the focus to its nearest container instead of the top
// of the page.

/** The last focused element, and its containers from the inside out. */
let last: HTMLElement | undefined;
let homes: HTMLElement[] = [];

export function keepFocus() {
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    homes = [];
    for (let home = target.parentElement; home; home = home.parentElement)
      if (home.tabIndex === -1 && home.hasAttribute("tabindex")) homes.push(home);
  });
  new MutationObserver(() => {
    const isLost = last && !isShown(last) && document.activeElement === document.body;
    if (isLost) homes.find(isShown)?.focus();
  }).observe(document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ["disabled", "hidden"],
  });
}

function isShown(element: HTMLElement) {
  return element.isConnected && !element.matches(":disabled") && element.checkVisibility();
}
