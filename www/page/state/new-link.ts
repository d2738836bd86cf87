// State of the form for one link, and the outcome of its request.
import { computed, signal } from "@preact/signals";

import { asError } from "./api.ts";
import { announce } from "./announcements.ts";
import { tick } from "./clock.ts";
import { lifetime, problemOfLifetime, secondsOf } from "./lifetime.ts";
import { createLink } from "./operations.ts";
import { session } from "./session.ts";
import type { CreateParams, Failure, LifetimeChoice, Link, Problems } from "../types.ts";

export type NewLinkForm = {
  userId: string;
  orgId: string;
  reason: string;
  lifetime: LifetimeChoice;
};

const HOUR = 3600;

/** Clerk's IDs, by their prefixes. */
const KINDS: Partial<Record<string, string>> = {
  user: "a user ID",
  org: "an organization ID",
  sit: "a token ID",
  sess: "a session ID",
};

const edited = signal<NewLinkForm | undefined>(undefined);

/** The content of the form. */
export const form = computed(() => edited.value ?? emptyForm());
export const problems = signal<Problems>({});
export const isSending = signal(false);
/** The error of the last request. */
export const failure = signal(undefined as (Failure & { params: CreateParams }) | undefined);
/** The last create with an unknown outcome. Until a link is created, a later failure does not settle it. */
export const unknownFailure = signal<typeof failure.value>(undefined);
/** The link that takes the form's place. */
export const shown = signal<Link | undefined>(undefined);

/** An empty form; the organization, the lifetime and the reason often stay the same, the user never does. */
export function newForm() {
  edited.value = { ...form.value, userId: "" };
  problems.value = {};
  failure.value = undefined;
  unknownFailure.value = undefined;
  shown.value = undefined;
}

export function change(fields: Partial<NewLinkForm>) {
  edited.value = { ...form.value, ...fields };
  const left = { ...problems.value };
  for (const name of Object.keys(fields)) delete left[name];
  problems.value = left;
}

/** Creates a link from the form. Returns whether the form could be sent. */
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
    failure.value = { error: asError(error), params, at: Date.now() };
    if (failure.value.error.outcome !== "none") unknownFailure.value = failure.value;
  } finally {
    isSending.value = false;
  }
  return true;
}

function emptyForm(): NewLinkForm {
  const { maxLifetimeSeconds } = session.value;
  return { userId: "", orgId: "", reason: "", lifetime: lifetime(HOUR, maxLifetimeSeconds) };
}

function problemsWith({ userId, orgId }: CreateParams, chosen: LifetimeChoice): Problems {
  const found = {
    userId: problemOfId(userId, "user", "user ID"),
    orgId: orgId ? problemOfId(orgId, "org", "organization ID") : undefined,
    lifetime: problemOfLifetime(chosen, session.value.maxLifetimeSeconds),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem));
}

/** Returns what is wrong with an ID, with a hint for what people often paste instead. */
export function problemOfId(id: string, prefix: string, name: string) {
  const article = /^[aeio]/.test(name) ? "an" : "a";
  const rule = `A${article.slice(1)} ${name} starts with ${prefix}_.`;
  if (new RegExp(`^${prefix}_\\w+$`).test(id)) return undefined;
  if (id === "") return `Enter ${article} ${name}.`;
  if (id.includes("@"))
    return `That is an email address. Copy the ${name} from the Clerk Dashboard.`;
  const [, given = ""] = id.match(/^([a-z]+)_/) ?? [];
  const other = given === prefix ? undefined : KINDS[given];
  return other ? `That is ${other}. ${rule}` : `That is not ${article} ${name}. ${rule}`;
}
