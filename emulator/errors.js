// Clerk's error bodies.
import { randomBytes } from "node:crypto";

export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   * @param {string} [longMessage]
   * @param {object} [meta]
   */
  constructor(status, code, message, longMessage, meta) {
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

/** @param {string} what */
export const notFound = (what) =>
  new ApiError(404, "resource_not_found", "not found", `No ${what} was found.`);

export const malformed = () =>
  new ApiError(
    400,
    "request_body_invalid",
    "Request body invalid",
    "The request body is invalid. Please consult the API documentation for more information.",
  );

/** @param {string} name */
export const missing = (name) =>
  param("form_param_missing", name, "is missing", `${name} must be included.`);

/**
 * @param {string} name
 * @param {string} expected
 */
export const badFormat = (name, expected) =>
  param("form_param_format_invalid", name, "is invalid", `${name} must be ${expected}.`);

/** @param {string} name */
export const unknown = (name) =>
  param(
    "form_param_unknown",
    name,
    "is unknown",
    `${name} is not a valid parameter for this request.`,
  );

/** @param {string} status */
export const notPending = (status) =>
  new ApiError(
    400,
    "sign_in_token_cannot_be_revoked_code",
    "cannot revoke",
    `This sign in token is ${status} and cannot be revoked.`,
  );

export const rateLimited = () =>
  new ApiError(429, "too_many_requests", "Too many requests. Please try again in a bit.");

/**
 * @param {string} code
 * @param {string} name
 * @param {string} message
 * @param {string} longMessage
 */
function param(code, name, message, longMessage) {
  return new ApiError(422, code, message, longMessage, { param_name: name });
}
