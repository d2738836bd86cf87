// Logs out, and asks before links are lost by leaving or reloading the page, a log-out, or a new
// run.
import { ROUTES } from "../../contract.ts";
import { counted } from "../format.ts";
import { confirm } from "./confirmation.ts";
import { waitingLinks } from "./links.ts";
import { isSending } from "./new-link.ts";
import { revoking } from "./revoking.ts";
import { run } from "./run.ts";
import { session } from "./session.ts";

let isLeaving = false;

/**
 * Makes the browser ask before it closes the page during a create or a run, or with links that
 * nobody else has.
 */
export function guardLinks() {
  addEventListener("beforeunload", (event) => {
    const isBusy = isSending.value || isRunning();
    if (!isLeaving && (isBusy || waitingLinks().length > 0)) event.preventDefault();
  });
}

const isRunning = () => run.value?.isBusy || revoking.value?.isBusy;

/**
 * Resolves to true if nothing would be lost, or if the answer was yes.
 *
 * @param action a label such as "Log out"
 */
export async function mayLeave(action: string) {
  const links = waitingLinks();
  const parts = [];
  if (isSending.value) parts.push("A link is being created and would be lost.");
  if (isRunning()) parts.push("A run is in progress and would stop.");
  if (links.length > 0) parts.push(lossOf(links.length));
  if (parts.length === 0) return true;
  const asked = { title: `${action}?`, text: parts.join(" "), action: `${action} anyway` };
  return (await confirm(asked)) !== undefined;
}

/** Ends the session and clears all data of this tab. Returns what went wrong, if anything. */
export async function logOut() {
  if (!(await mayLeave("Log out"))) return undefined;
  try {
    const response = await fetch(ROUTES.session, { method: "DELETE" });
    if (!response.ok) throw new Error(String(response.status));
  } catch {
    return "Logging out failed. You are still logged in. Try again.";
  }
  isLeaving = true;
  if (session.value.login === "access") location.assign("/cdn-cgi/access/logout");
  else location.reload();
  return undefined;
}

function lossOf(amount: number) {
  return amount === 1
    ? "One link was neither copied nor downloaded. It cannot be shown again."
    : `${counted(amount, "link")} were neither copied nor downloaded. They cannot be shown again.`;
}
