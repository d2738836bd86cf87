// The shapes that several parts of the page share.
import type { SignInTokensError } from "clerk-sign-in-tokens";
import type { State } from "../contract.ts";

export type Operation = "create" | "revoke";

/** Who is logged in, and what the edge function says about the deployment. */
export interface Session {
  user: string;
  login: "password" | "access";
  expiresAt?: number;
  instance: "production" | "development";
  /** Requests per 10 seconds. */
  rateLimit: number;
  maxLifetimeSeconds: number;
  history: "database" | "tab";
}

/** How a link ended: `not_pending` means that it was used or revoked before. */
export type LinkEnd = "revoked" | "not_pending";

export interface Link {
  tokenId: string;
  userId: string;
  orgId?: string;
  /** Absent once the link is revoked. */
  url?: string;
  expiresInSeconds: number;
  expiresAt: number;
  traceId?: string;
  source: "form" | "run";
  status: "active" | LinkEnd;
  isHandedOver: boolean;
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

export type Outcome = "sending" | "created" | LinkEnd | "failed" | "unknown";

/** A row of the history. The database has `null` where something is not known. */
export interface Entry {
  id: string;
  operation: Operation;
  /** In the database. */
  state?: State;
  outcome: Outcome;
  actor: string;
  begunAt: number;
  reason?: string | null;
  userId?: string | null;
  orgId?: string | null;
  tokenId?: string | null;
  expiresInSeconds?: number | null;
  expiresAt?: number | null;
  errorCode?: string | null;
  traceId?: string | null;
  /** How the link ended, where this entry created one. */
  ended?: LinkEnd | null;
}

export type RowStatus = "waiting" | "created" | "skipped" | "failed" | "unknown" | LinkEnd;

/** A line of a run. */
export interface Row {
  line: number;
  cells: string[];
  userId: string;
  orgId?: string;
  status: RowStatus;
  message?: string;
  /** The code of an error. */
  error?: string;
  traceId?: string;
  link?: Link;
  /** What is known of an earlier create with an unknown outcome. Until a token comes, the row stays unknown. */
  earlierUnknown?: Pick<Row, "message" | "error" | "traceId">;
  /** The ID of its entry in the tab's own history. */
  entry?: string;
}
