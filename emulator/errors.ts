// Clerk's error bodies.
import { randomBytes } from "node:crypto";

interface ClerkError {
  message: string;
  long_message: string;
  code: string;
  meta?: object;
}

export class ApiError extends Error {
  status: number;
  body: { errors: ClerkError[]; clerk_trace_id: string };

  constructor(status: number, code: string, message: string, longMessage?: string, meta?: object) {
    super(message);
    this.status = status;
    this.body = {
      errors: [{ message, long_message: longMessage ?? message, code, ...(meta && { meta }) }],
      clerk_trace_id: randomBytes(16).toString("hex"),
    };
  }
}

export const invalidKey = () =>
  new ApiError(
    401,
    "clerk_key_invalid",
    "The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.",
  );

export const missingKey = () =>
  new ApiError(
    401,
    "authentication_invalid",
    "Invalid authentication",
    "Unable to authenticate the request, you need to supply a secret key",
  );

export const notFound = (what: string) =>
  new ApiError(404, "resource_not_found", "not found", `No ${what} was found.`);

export const malformed = () =>
  new ApiError(
    400,
    "request_body_invalid",
    "Request body invalid",
    "The request body is invalid. Please consult the API documentation for more information.",
  );

export const missing = (name: string) =>
  param("form_param_missing", name, "is missing", `${name} must be included.`);

export const badFormat = (name: string, expected: string) =>
  param("form_param_format_invalid", name, "is invalid", `${name} must be ${expected}.`);

export const unknown = (name: string) =>
  param(
    "form_param_unknown",
    name,
    "is unknown",
    `${name} is not a valid parameter for this request.`,
  );

export const notPending = (status: string) =>
  new ApiError(
    400,
    "sign_in_token_cannot_be_revoked_code",
    "cannot revoke",
    `This sign in token is ${status} and cannot be revoked.`,
  );

export const rateLimited = () =>
  new ApiError(429, "too_many_requests", "Too many requests. Please try again in a bit.");

function param(code: string, name: string, message: string, longMessage: string) {
  return new ApiError(422, code, message, longMessage, { param_name: name });
}
