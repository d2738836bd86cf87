// Builds a refusal in the shape of the API's errors, so that the package in the page reads both alike.

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @param {Record<string, string>} [headers]
 */
export function errorResponse(status, code, message, headers) {
  return Response.json({ errors: [{ code, message, long_message: message }] }, { status, headers });
}
