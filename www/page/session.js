// The login: who is in, the dialog that asks, and what happens to work that meets an ended session.
import { SignInTokensError } from "clerk-sign-in-tokens";

const dialog = document.querySelector("#login");
const [form, why, problem] = ["form", "#login-why", "[role=alert]"].map((selector) =>
  dialog.querySelector(selector),
);
const who = document.querySelector("#who");

let current;
let asking;

/** Requests that the API takes in 10 seconds. */
export const rateLimit = () => current.rateLimit;

/** Resolves once somebody is logged in. */
export async function start() {
  const response = await fetch("/session");
  if (response.ok) return welcome(await response.json());
  return logIn("");
}

/** Asks for the password until it is right; those who ask meanwhile wait for the same answer. */
export function logIn(reason) {
  asking ??= new Promise((resolve) => {
    why.textContent = reason;
    problem.textContent = "";
    form.onsubmit = async (event) => {
      event.preventDefault();
      const response = await submit();
      if (!response) return;
      asking = undefined;
      dialog.close();
      resolve(welcome(await response.json()));
    };
    dialog.showModal();
  });
  return asking;
}

// Nothing works without a login, so Escape does not close it.
dialog.addEventListener("cancel", (event) => event.preventDefault());

async function submit() {
  const { password } = form.elements;
  problem.textContent = "";
  try {
    const response = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ password: password.value }),
    });
    if (response.ok) return response;
    const { errors } = await response.json();
    problem.textContent = errors[0].message;
  } catch {
    problem.textContent = "The server cannot be reached. Try again.";
  } finally {
    password.value = "";
  }
  password.focus();
  return undefined;
}

function welcome(session) {
  current = session;
  who.hidden = false;
  who.querySelector("span").textContent = session.user;
  document.querySelector("main").hidden = false;
}

who.querySelector("button").onclick = async () => {
  await fetch("/session", { method: "DELETE" });
  // Takes the tokens of this tab along.
  location.reload();
};

/** Whether `error` says that the session has ended: then nothing was done. */
export function isLoggedOut(error) {
  return error instanceof SignInTokensError && error.errors[0]?.code === "session_required";
}

/** Does `work`; where the session has ended, once more after a login. */
export async function loggedIn(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isLoggedOut(error)) throw error;
      await logIn("Your session has ended. Nothing was lost: log in to go on.");
    }
  }
}
