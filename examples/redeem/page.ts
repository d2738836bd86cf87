// The page of a sign-in link: asks for a click, redeems the ticket, shows the result.
import { Clerk } from "@clerk/clerk-js";

import { isSignedIn, mayRetry, messageFor } from "./messages.ts";
import { type Problem, redeem, resume, signOut } from "./redeem.ts";
import { dropLink, type Link, markSent, takeLink, wasSent } from "./ticket.ts";

/** What each button does when it is clicked, by its label. */
type Buttons = Record<string, () => unknown>;

// Removes the ticket from the address bar before Clerk does anything.
const link = await takeLink();
addEventListener("hashchange", () => location.reload()); // Another link, opened in this tab.

const { VITE_CLERK_PUBLISHABLE_KEY, VITE_CLERK_PROXY_URL } = import.meta.env;
const clerk = new Clerk(VITE_CLERK_PUBLISHABLE_KEY, { proxyUrl: VITE_CLERK_PROXY_URL });
// The name that Clerk's script tag and framework SDKs use. End-to-end tests sign in with it.
Object.assign(globalThis, { Clerk: clerk });

try {
  await clerk.load({ telemetry: false });
  if (link) askFirst(link);
  else if (await resume(clerk)) showSignedIn();
  else if (wasSent()) showProblem({ code: "sign_in_token_already_used_code" });
  else show("There is no sign-in link here. Open the link in the message you got.");
} catch {
  show("The sign-in page could not be loaded. Reload it.");
}

/** Waits for a click: mail scanners open links, and some run scripts. */
function askFirst(link: Link): void {
  const { user } = clerk;
  if (!user) return show("Your sign-in link is ready.", { "Sign in": () => use(link) });
  const stay = () => {
    dropLink();
    showSignedIn();
  };
  if (user.id === link.user) return stay();
  const name = user.primaryEmailAddress?.emailAddress ?? user.id;
  show(`You are signed in as ${name}. This link may be for another account.`, {
    [`Stay signed in as ${name}`]: stay,
    "Sign out and use the link": async () => {
      show("Signing out…");
      await signOut(clerk);
      await use(link);
    },
  });
}

async function use(link: Link): Promise<void> {
  show("Signing in…");
  await markSent(link);
  const problem = await redeem(clerk, link.ticket);
  if (!problem) return showSignedIn();
  if (isSignedIn(problem) && (await resume(clerk))) return askFirst(link);
  showProblem(problem, mayRetry(problem) ? { "Try again": () => use(link) } : {});
}

function showProblem(problem: Problem, buttons?: Buttons) {
  show(messageFor(problem), buttons);
}

/** Shows that the user is signed in. Continue to your site here: `location.replace("/")`. */
function showSignedIn() {
  const organization = clerk.organization ? ` in ${clerk.organization.name}` : "";
  show(`You are signed in as ${clerk.user?.id}${organization}.`);
}

function show(text: string, buttons: Buttons = {}) {
  element("text").textContent = text;
  element("buttons").replaceChildren(
    ...Object.entries(buttons).map(([label, act]) => {
      const button = document.createElement("button");
      button.textContent = label;
      button.addEventListener("click", () => attempt(act));
      return button;
    }),
  );
}

async function attempt(act: () => unknown) {
  try {
    await act();
  } catch {
    show("Something went wrong. Reload the page.");
  }
}

function element(id: string) {
  return document.getElementById(id) as HTMLElement;
}
