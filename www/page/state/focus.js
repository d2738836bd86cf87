// Keeps the keyboard's place: when what has the focus disappears, the focus goes to what it was in, not to the top of the page.

/** What had the focus last, and all that it was in, from the inside out. */
let /** @type {HTMLElement | undefined} */ last;
let /** @type {HTMLElement[]} */ homes = [];

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

/** @param {HTMLElement} element */
function isShown(element) {
  return element.isConnected && !element.matches(":disabled") && element.checkVisibility();
}
