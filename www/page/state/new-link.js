// What stands in the form for one link, and how it went.
import { signal } from "@preact/signals";

import { announce } from "./announcements.js";
import { tick } from "./clock.js";
import { lifetime, problemOfLifetime, secondsOf } from "./lifetime.js";
import { createLink } from "./operations.js";
import { session } from "./session.js";

const HOUR = 3600;

export const form = signal();
/** What is wrong with a field, by its name. */
export const problems = signal({});
export const isSending = signal(false);
/** The error of the last request. */
export const failure = signal();
/** The link that takes the form's place. */
export const shown = signal();

/** An empty form; the organization, the lifetime and the reason often stay the same, the user never does. */
export function newForm() {
  const { orgId = "", reason = "", lifetime: kept } = form.value ?? {};
  form.value = {
    userId: "",
    orgId,
    reason,
    lifetime: kept ?? lifetime(HOUR, session.value.maxLifetimeSeconds),
  };
  problems.value = {};
  failure.value = undefined;
  shown.value = undefined;
}

export function change(fields) {
  form.value = { ...form.value, ...fields };
  const left = { ...problems.value };
  for (const name of Object.keys(fields)) delete left[name];
  problems.value = left;
}

/** Creates a link from what the form says now; gives whether it could be sent. */
export async function submit() {
  if (isSending.value) return true;
  const { userId, orgId, reason, lifetime: chosen } = form.value;
  const params = {
    userId: userId.trim(),
    orgId: orgId.trim() || undefined,
    expiresInSeconds: secondsOf(chosen),
  };
  problems.value = problemsWith(params, chosen);
  if (Object.keys(problems.value).length > 0) return false;
  failure.value = undefined;
  isSending.value = true;
  try {
    shown.value = await createLink(params, reason.trim());
    announce("The link was created.");
  } catch (error) {
    tick();
    failure.value = { error, params, at: Date.now() };
  } finally {
    isSending.value = false;
  }
  return true;
}

function problemsWith({ userId, orgId }, chosen) {
  const found = {
    userId: problemOfId(userId, "user", "user ID"),
    orgId: orgId && problemOfId(orgId, "org", "organization ID"),
    lifetime: problemOfLifetime(chosen, session.value.maxLifetimeSeconds),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem));
}

/** What is wrong with an ID, by what people paste in its place. */
export function problemOfId(id, prefix, name) {
  if (new RegExp(`^${prefix}_\\w+$`).test(id)) return undefined;
  if (id === "") return `Enter ${/^[aeio]/.test(name) ? "an" : "a"} ${name}.`;
  if (id.includes("@"))
    return `That is an email address. Copy the ${name} from the Clerk Dashboard.`;
  const other = {
    user: "a user ID",
    org: "an organization ID",
    sit: "a token ID",
    sess: "a session ID",
  };
  const [, given] = id.match(/^([a-z]+)_/) ?? [];
  if (given !== prefix && other[given])
    return `That is ${other[given]}. A ${name} begins with ${prefix}_.`.replace(
      "A organization",
      "An organization",
    );
  return `That is not a ${name}: it begins with ${prefix}_.`.replace(
    "a organization",
    "an organization",
  );
}
