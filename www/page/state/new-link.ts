// State of the form for one link, and the outcome of its request.
import { computed, signal } from "@preact/signals";

import type { FoundUser } from "../../contract.ts";
import { asError, isLost } from "../errors.ts";
import type { CreateParams, Failure, LifetimeChoice, Link, Problems } from "../types.ts";
import { announce } from "./announcements.ts";
import { tick } from "./clock.ts";
import { confirm } from "./confirmation.ts";
import { lifetime, problemOfLifetime, secondsOf } from "./lifetime.ts";
import { linkFor } from "./links.ts";
import { createLink } from "./operations.ts";
import { loggedIn, session } from "./session.ts";

export interface NewLinkForm {
  /** An ID; or what is searched for. */
  userId: string;
  /** Who has the ID, once it is known. */
  user?: FoundUser;
  orgId: string;
  reason: string;
  lifetime: LifetimeChoice;
}

type Failed = Failure & { params: CreateParams; requestId: string };

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
export const failure = signal<Failed | undefined>(undefined);
/** The last create with an unknown outcome. Only a link settles it, no later failure. */
export const unknownFailure = signal<Failed | undefined>(undefined);
/** The link that takes the form's place. */
export const shown = signal<Link | undefined>(undefined);

/**
 * What a submit does after an unknown outcome: asks for the same again, which makes no second link;
 * or creates another one, which may be a second.
 */
export const next = computed((): "create" | "ask" | "another" => {
  const { error, params } = unknownFailure.value ?? {};
  const wanted = paramsOf(form.value);
  if (!error || !params || params.userId !== wanted.userId) return "create";
  const isSame = JSON.stringify(params) === JSON.stringify(wanted);
  return isSame && isLost(error) ? "ask" : "another";
});

/** An empty form; only the lifetime often stays the same. */
export function newForm() {
  edited.value = { ...emptyForm(), lifetime: form.value.lifetime };
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

/** Creates a link from the form. */
export async function submit() {
  if (isSending.value) return;
  const { reason, user, lifetime: chosen } = form.value;
  const params = paramsOf(form.value);
  problems.value = problemsWith(params, chosen);
  if (Object.keys(problems.value).length > 0) return;
  if (next.value === "another" && !(await confirm(ANOTHER))) return;
  const earlier = next.value === "ask" ? unknownFailure.value?.requestId : undefined;
  const order = { requestId: earlier ?? crypto.randomUUID(), notes: { reason: reason.trim() } };
  failure.value = undefined;
  isSending.value = true;
  try {
    const known = { source: "form", user } as const;
    const { id } = await loggedIn(() => createLink(params, order, known));
    shown.value = linkFor(id);
    announce("The link was created.");
  } catch (thrown) {
    tick();
    const error = asError(thrown);
    failure.value = { error, params, at: Date.now(), requestId: order.requestId };
    if (error.outcome !== "none") unknownFailure.value = failure.value;
  } finally {
    isSending.value = false;
  }
}

/** What a second create after an unknown outcome may do. */
export const TWO_LINKS =
  "If the first request created a link, the user will have two. " +
  "Check Clerk’s Application Logs first.";

const ANOTHER = {
  title: "Create another link?",
  text: TWO_LINKS,
  action: "Create another link",
};

function paramsOf({ userId, orgId, lifetime: chosen }: NewLinkForm): CreateParams {
  return {
    userId: userId.trim(),
    orgId: orgId.trim() || undefined,
    expiresInSeconds: secondsOf(chosen),
  };
}

const emptyForm = (): NewLinkForm => ({
  userId: "",
  orgId: "",
  reason: "",
  lifetime: lifetime(HOUR),
});

function problemsWith({ userId, orgId }: CreateParams, chosen: LifetimeChoice): Problems {
  const found = {
    userId: problemOfId(userId, "user", "user ID"),
    orgId: orgId ? problemOfId(orgId, "org", "organization ID") : undefined,
    lifetime: problemOfLifetime(chosen),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem));
}

/** Returns what is wrong with an ID, with a hint for what people often paste instead. */
export function problemOfId(id: string, prefix: string, name: string) {
  const article = /^[aeio]/.test(name) ? "an" : "a";
  const rule = `A${article.slice(1)} ${name} starts with ${prefix}_.`;
  if (new RegExp(`^${prefix}_\\w+$`).test(id)) return undefined;
  const isSearched = prefix === "user" && session.value.userLookup;
  if (id === "") return isSearched ? "Enter a user." : `Enter ${article} ${name}.`;
  const [, given = ""] = id.match(/^([a-z]+)_/) ?? [];
  const other = given === prefix ? undefined : KINDS[given];
  if (other) return `That is ${other}. ${rule}`;
  if (isSearched) return "Choose a user from the list.";
  return id.includes("@")
    ? `That is an email address. Copy the ${name} from the Clerk Dashboard.`
    : `That is not ${article} ${name}. ${rule}`;
}
