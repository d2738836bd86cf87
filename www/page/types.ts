// The shapes that several parts of the page share, besides those of the contract.
import type { SignInTokensError } from "clerk-sign-in-tokens";

import type { Entry, FoundUser } from "../contract.ts";

export type Operation = Entry["operation"];

/** How a link ended: `not_pending` means that it was used or revoked before. */
export type LinkEnd = "revoked" | "not_pending";

export interface Link {
  tokenId: string;
  userId: string;
  /** Where the page looked the user up. */
  user?: FoundUser;
  orgId?: string;
  /** Absent once the link is revoked. */
  url?: string;
  expiresInSeconds: number;
  expiresAt: number;
  traceId?: string;
  source: "form" | "run";
  status: "active" | LinkEnd;
  isShared: boolean;
}

/** The token that a revoke ends. */
export interface Token {
  tokenId: string;
  userId?: string | null;
}

export interface CreateParams {
  userId: string;
  orgId?: string;
  expiresInSeconds: number;
}

/** An operation that failed, and when. */
export interface Failure {
  error: SignInTokensError;
  at: number;
  params?: CreateParams;
}

/** How long a link works: the seconds of a preset, or an amount of units of so many seconds. */
export interface LifetimeChoice {
  choice: number | "custom";
  amount: string;
  unit: number;
}

/** What is wrong with the fields of a form, by their names. */
export type Problems = Partial<Record<string, string>>;

export type RowStatus =
  "waiting" | "sending" | "created" | "skipped" | "failed" | "unknown" | LinkEnd;

/** A line of a run. */
export interface Row {
  line: number;
  cells: string[];
  userId: string;
  orgId?: string;
  /** From the list. */
  name: string;
  status: RowStatus;
  message?: string;
  /** The code of an error. */
  error?: string;
  traceId?: string;
  link?: Link;
  /** What is known of an earlier create with an unknown outcome. */
  earlierUnknown?: Pick<Row, "message" | "error" | "traceId">;
  /** That of its create, until it is answered: to ask again with it makes no second link. */
  requestId?: string;
}
